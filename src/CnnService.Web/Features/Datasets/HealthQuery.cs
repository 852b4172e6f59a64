using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Datasets.Health;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Datasets;

/// <summary>Parameters of a health report.</summary>
internal sealed record HealthQuery(
    [property: FromQuery, Description(
        "What judges the labels: a version (`name`, `name:version` or `name@alias`) or a trained start of `GET /starts`. Without it the "
        + "labels are not judged.")] string? Model,
    [property: FromQuery, Description(
        "What it judges them by: its own `predictions` (default where it knows every class), or a cross-validated linear classifier on its "
        + "`features` (default where it does not).")] EnumQueryValue<LabelEvidence>? Evidence,
    [property: FromQuery, Description("`json` (default), or `png` and `svg`: a sheet of the images.")] EnumQueryValue<FigureFormat>? Format,
    [property: FromQuery, Description(
        "Entries of each list, 1 to 500, default 50; of the sheet, images, 1 to 120, default 24.")] int? Count,
    [property: FromQuery, Description(
        "Seconds to wait for a report that is not ready, 0 to 300; default 30. Then 202 with Retry-After.")] int? Wait)
    : IValidatedQuery
{
    public const int MaxTiles = 120;

    private const int DefaultTiles = 24;
    private const int DefaultEntries = 50;
    private const int DefaultWait = 30;
    private const int MaxWait = 300;

    public bool IsSvg => Format?.Value == FigureFormat.Svg;

    public bool IsSheet => Format?.Value is FigureFormat.Png or FigureFormat.Svg;

    public int Entries => Count ?? (IsSheet ? DefaultTiles : DefaultEntries);

    public TimeSpan Patience => TimeSpan.FromSeconds(Wait ?? DefaultWait);

    public void Check(ValidationErrors errors)
    {
        var maxCount = IsSheet ? MaxTiles : DatasetHealth.MaxListed;
        errors.Require(Count is null || (Count >= 1 && Count <= maxCount), "count", $"must be between 1 and {maxCount}, received {Count}");
        errors.Require(Wait is null or (>= 0 and <= MaxWait), "wait", $"must be between 0 and {MaxWait}, received {Wait}");
        errors.Require(Evidence is null || Model is not null, "evidence", "needs model, the version that judges the labels");
    }
}
