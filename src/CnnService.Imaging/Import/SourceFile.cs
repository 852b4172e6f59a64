namespace CnnService.Imaging.Import;

/// <summary>A file of the source: its content, or why it was rejected.</summary>
/// <param name="Path">With forward slashes, as in the source.</param>
/// <param name="Content">Null where it was rejected.</param>
/// <param name="Refusal">Why it was rejected; null where it was not.</param>
internal sealed record SourceFile(string Path, byte[]? Content, string? Refusal);
