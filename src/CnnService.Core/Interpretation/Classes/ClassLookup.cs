using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Classes;

/// <summary>Resolves class names and indexes in requests.</summary>
internal static class ClassLookup
{
    private const int MaxNamesInMessage = 20;

    /// <summary>
    /// The index of a class; a name takes precedence over an index. Problem code: <c>class.not-found</c>, with the names.
    /// </summary>
    public static Outcome<int> IndexOf(LoadedModel model, string nameOrIndex)
    {
        var classes = model.Manifest.Classes;
        return classes.Index().Where(one => one.Item == nameOrIndex).Select(one => (int?)one.Index).FirstOrDefault() is { } named ? named
            : int.TryParse(nameOrIndex, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < classes.Count ? index
            : Missing(model, nameOrIndex, classes);
    }

    private static Problem Missing(LoadedModel model, string nameOrIndex, IReadOnlyList<string> classes)
    {
        var more = classes.Count > MaxNamesInMessage ? $" and {classes.Count - MaxNamesInMessage} more" : "";
        return Problem.NotFound(
            "class.not-found",
            $"The {model.DisplayName} has no class '{nameOrIndex}'; it has {string.Join(", ", classes.Take(MaxNamesInMessage))}{more}, "
                + $"or their numbers 0 to {classes.Count - 1}.") with
        {
            Data = new Dictionary<string, object?> { ["classes"] = classes },
        };
    }
}
