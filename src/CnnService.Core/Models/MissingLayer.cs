using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>The problem of a layer name that a network does not have.</summary>
public static class MissingLayer
{
    private const int MostTold = 20;

    /// <summary>
    /// Problem code <c>layer.not-found</c>; data <c>layers</c> lists all names, <c>nearest</c> the one most likely
    /// meant.
    /// </summary>
    /// <param name="model">The model version.</param>
    /// <param name="name">As received. Names of the original file are recognized: import replaces <c>/</c> by <c>.</c>, and URLs escape
    /// it.</param>
    /// <param name="names">The valid names.</param>
    /// <param name="purpose">Appended to the name, to say what the layer was needed for; may be empty.</param>
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
