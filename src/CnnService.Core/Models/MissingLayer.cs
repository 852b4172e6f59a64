using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>The answer to a layer's name that a network does not have.</summary>
public static class MissingLayer
{
    private const int MostTold = 20;

    /// <summary>Problem code <c>layer.not-found</c>; <c>layers</c> holds all names, <c>nearest</c> the one that was most likely meant.</summary>
    /// <param name="model">The version.</param>
    /// <param name="name">As it was given. A file's own name is recognized: import writes <c>/</c> as <c>.</c>, and addresses escape it.</param>
    /// <param name="names">Those that would do.</param>
    /// <param name="purpose">What they would do for, in words that follow the name; empty: anything.</param>
    public static Problem Of(LoadedModel model, string name, IReadOnlyList<string> names, string purpose = "")
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(names);
        var dotted = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Trim('/').Replace('/', '.');
        var nearest = Nearest.Of(dotted, names);
        var data = new Dictionary<string, object?> { ["layers"] = names };
        if (nearest is not null)
        {
            data["nearest"] = nearest;
        }

        var told = names.Count <= MostTold ? string.Join(", ", names) : FormattableString.Invariant($"{string.Join(", ", names.Take(MostTold))} and {names.Count - MostTold} more");
        var list = FormattableString.Invariant($"GET /visualize?model={model.Name}:{model.Version}");
        return Problem.NotFound(
            "layer.not-found",
            $"The {model.Called} has no layer '{Received.Text(name)}'{purpose}{(nearest is null ? "." : $"; did you mean '{nearest}'?")} It has {told}; {list} lists them.") with
        {
            Data = data,
        };
    }
}
