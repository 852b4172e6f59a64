namespace CnnService.Onnx.Import;

/// <summary>Makes names from imported files safe to quote in messages: short and without control characters.</summary>
internal static class UntrustedName
{
    private const int MaxLength = 100;

    /// <summary>The first 100 characters, control characters replaced by <c>?</c>, with an ellipsis if there were more.</summary>
    public static string Sanitize(string text) =>
        string.Concat(text.Take(MaxLength).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > MaxLength ? "…" : "");
}
