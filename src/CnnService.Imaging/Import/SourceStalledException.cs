namespace CnnService.Imaging.Import;

/// <summary>Neither the source nor the decoder gave another file in time.</summary>
/// <param name="last">Path of the last file, inside the source; null: there was none.</param>
/// <param name="limit">The limit that was exceeded.</param>
internal sealed class SourceStalledException(string? last, TimeSpan limit) : Exception(
    $"No further file could be read or decoded within {limit.TotalSeconds:0.#} s"
    + (last is null ? "." : $"; the last one was '{last}'."));
