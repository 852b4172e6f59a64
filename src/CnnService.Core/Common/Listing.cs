namespace CnnService.Core.Common;

/// <summary>Lists in sentences.</summary>
public static class Listing
{
    /// <summary>The first names with commas between; ", …" follows if there are more.</summary>
    /// <param name="names">As they are to be read, in order.</param>
    /// <param name="max">Of them, how many are named at most; at least 1.</param>
    public static string First(IReadOnlyCollection<string> names, int max)
    {
        ArgumentNullException.ThrowIfNull(names);
        return $"{string.Join(", ", names.Take(max))}{(names.Count > max ? ", …" : string.Empty)}";
    }
}
