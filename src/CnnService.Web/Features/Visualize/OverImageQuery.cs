using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>The image that a receptive field is drawn over.</summary>
internal sealed record OverImageQuery(
    [property: FromQuery, Description("`dataset/id`: an image of a data set; by default none.")] DatasetImageName? Image);
