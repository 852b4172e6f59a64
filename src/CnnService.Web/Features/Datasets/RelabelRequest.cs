using CnnService.Core.Common;

namespace CnnService.Web.Features.Datasets;

/// <summary>A request to give an image another class.</summary>
internal sealed record RelabelRequest
{
    /// <summary>An existing or a new class.</summary>
    public string? Class { get; init; }

    /// <summary>The same as a list; an image of a data set with one label an image has exactly one.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The class that either field names; only of a request that keeps the rules.</summary>
    internal string Name => Class ?? Labels![0];

    public static void Check(RelabelRequest request, ValidationErrors errors)
    {
        if (!errors.Require(request.Class is null != (request.Labels is null), "class", "give either class or labels"))
        {
            return;
        }

        if (request.Labels is { } labels && !errors.Require(labels.Count == 1, "labels",
            $"must name one class: the images of this data set have one label each, received {labels.Count}"))
        {
            return;
        }

        errors.Require(ResourceName.IsClass(request.Name), request.Class is null ? "labels[0]" : "class",
            $"{ResourceName.ClassRule}, received \"{request.Name}\"");
    }
}
