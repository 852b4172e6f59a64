namespace CnnService.Core.Common;

/// <summary>What is said of a field that a request or a form does not have.</summary>
public static class UnknownField
{
    /// <summary>The rule, with the nearest known name and all of them.</summary>
    /// <param name="name">As received; null where it is not text.</param>
    /// <param name="known">The fields there are.</param>
    public static string Message(string? name, IReadOnlyList<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        var start = name is not null && NearestName.Find(name, known) is { } meant ? $"did you mean {meant}? The" : "the";
        return $"is not a field here; {start} fields are {string.Join(", ", known)}";
    }
}
