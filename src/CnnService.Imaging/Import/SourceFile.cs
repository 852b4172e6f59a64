namespace CnnService.Imaging.Import;

/// <summary>A file of the source: its content, or why it is not taken.</summary>
/// <param name="Path">With forward slashes, as the source names it.</param>
/// <param name="Content">Null where it is refused.</param>
/// <param name="Refusal">Why it is not taken; null where it is.</param>
internal sealed record SourceFile(string Path, byte[]? Content, string? Refusal);

/// <summary>The source breaks a limit as a whole; the message says which.</summary>
internal sealed class SourceLimitException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
