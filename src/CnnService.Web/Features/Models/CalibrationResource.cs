using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Web.Api;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Models;

/// <summary>A calibration; fields without a value yet are null.</summary>
internal sealed record CalibrationResource
{
    public required WorkState State { get; init; }

    /// <summary>Images done so far.</summary>
    public int Done { get; init; }

    public int Total { get; init; }

    /// <summary>With its revision.</summary>
    public string? Dataset { get; init; }

    public VersionCalibration? Calibration { get; init; }

    public Failure? Failure { get; init; }

    /// <param name="row">The newest calibration after the version was made; null: none.</param>
    /// <param name="model">The version; null while the calibration has only begun.</param>
    public static CalibrationResource From(CalibrationRow? row, LoadedModel? model) => new()
    {
        State = row?.Work.State ?? WorkState.Succeeded,
        Done = row?.Done ?? 0,
        Total = row?.Total ?? 0,
        Dataset = row is not null ? new DatasetReference(row.Dataset, row.DatasetRevision).ToString()
            : model is null ? null
            : CalibratedFiles.DatasetOf(model) ?? model.Manifest.Origin?.Reference,
        Calibration = row is null or { Work.State: WorkState.Succeeded } ? model?.Manifest.Calibration : null,
        Failure = Failure.From(row?.Work.Failure),
    };
}
