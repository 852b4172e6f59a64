using CnnService.Core.Common;

namespace CnnService.Web.Features.Datasets;

/// <summary>A request to give an image other labels.</summary>
internal sealed record RelabelRequest
{
    /// <summary>An existing or a new class.</summary>
    public string? Class { get; init; }

    /// <summary>The same as a list: exactly one, or any number where the data set's `task` is `multiLabel`.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The classes that either field names; only of a request that keeps the rules.</summary>
    internal IReadOnlyList<string> Names => Labels ?? [Class!];

    public static void Check(RelabelRequest request, ValidationErrors errors)
    {
        if (!errors.Require(request.Class is null != (request.Labels is null), "class", "give either class or labels"))
        {
            return;
        }

        foreach (var (index, name) in request.Names.Index())
        {
            errors.Require(ResourceName.IsClass(name), request.Class is null ? $"labels[{index}]" : "class",
                $"{ResourceName.ClassRule}, received \"{name}\"");
        }
    }
}
