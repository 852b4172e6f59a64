using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>The problem of a layer name that a network does not have.</summary>
public static class MissingLayer
{
    private const int MaxListed = 20;

    /// <summary>
    /// Problem code <c>layer.not-found</c>; data <c>layers</c> lists all names, <c>nearest</c> the one most likely meant.
    /// </summary>
    /// <param name="model">The model version.</param>
    /// <param name="name">As received. Names of the original file are recognized: import replaces <c>/</c> by <c>.</c>, and URLs
    /// escape it.</param>
    /// <param name="names">The valid names.</param>
    /// <param name="purpose">Appended to the name, to say what the layer was needed for; may be empty.</param>
    public static Problem Describe(LoadedModel model, string name, IReadOnlyList<string> names, string purpose = "")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(names);
        var dotted = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Trim('/').Replace('/', '.');
        var nearest = NearestName.Find(dotted, names);
        var data = new Dictionary<string, object?> { ["layers"] = names };
        if (nearest is not null)
        {
            data["nearest"] = nearest;
        }

        var told = names.Count <= MaxListed
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(MaxListed))} and {names.Count - MaxListed} more";
        var list = $"GET /visualize?model={model.Name}:{model.Version}";
        return Problem.NotFound(
            "layer.not-found",
            $"The {model.DisplayName} has no layer '{ReceivedText.Text(name)}'{purpose}{(nearest is null ? "." : $"; did you mean "
                + $"'{nearest}'?")} It has {told}; {list} lists them.") with
        {
            Data = data,
        };
    }
}
