using System.ComponentModel;
using CnnService.Core.Interpretation.Kernels;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of raw kernels.</summary>
internal sealed record KernelQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; optional if there is only one model.")] string? Model,
    [property: FromQuery, Description(
        "Weights that share a colour scale: `layer` (default; all filters) or `filter`.")] EnumQueryValue<KernelScale>? Normalize,
    [property: FromQuery, Description(
        "Input channels to show if they are not the three colours, such as `0..15`; default the first 64.")] ChannelRange? In)
{
    public KernelRequest Request => In is { } range
        ? new(Normalize?.Value == KernelScale.Filter, range.First, range.Count)
        : new(Normalize?.Value == KernelScale.Filter);
}
