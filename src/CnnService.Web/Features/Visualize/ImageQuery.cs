using System.ComponentModel;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>The image whose feature maps are shown.</summary>
internal sealed record ImageQuery(
    [property: FromQuery, Description(
        "`dataset/id`: an image of a data set; an image of your own is posted instead; required.")] DatasetImageName? Image)
        : IValidatedQuery
{
    public void Check(ValidationErrors errors) =>
        errors.Require(Image is not null, "image", "must be given as dataset/id; an image of your own is posted");
}
