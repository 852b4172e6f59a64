using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Scans;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>The images that a layer is run on.</summary>
internal sealed record ScanQuery(
    [property: FromQuery, Description("A data set; by default the one that the model was trained on.")] string? Dataset,
    [property: FromQuery, Description("`validation` (default), `train` or `test`.")] EnumQueryValue<Split>? Split,
    [property: FromQuery, Description("Maximum number of images of the split, 1 to 5000; default 1000.")] int? Images)
    : IValidatedQuery
{
    public int ImageCount => Images ?? ScanSource.DefaultImages;

    public void Check(ValidationErrors errors) => errors.CheckRange(Images, 1, ScanSource.MaxImages, "images");
}
