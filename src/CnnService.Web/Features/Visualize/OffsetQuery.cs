using System.ComponentModel;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>The filter of the first row.</summary>
internal sealed record OffsetQuery([property: FromQuery, Description("The filter of the first row; default 0.")] int? Offset)
    : IValidatedQuery
{
    public void Check(ValidationErrors errors) =>
        errors.Require(Offset is null or >= 0, "offset", $"must be at least 0, received {Offset}");
}
