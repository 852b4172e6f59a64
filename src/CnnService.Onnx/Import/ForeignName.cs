namespace CnnService.Onnx.Import;

/// <summary>Names of foreign files in messages: short, and without control characters.</summary>
internal static class ForeignName
{
    private const int MaxLength = 100;

    /// <summary>The first 100 characters, with <c>?</c> for each control character, and an ellipsis where there were more.</summary>
    public static string Shorten(string text) =>
        string.Concat(text.Take(MaxLength).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > MaxLength ? "…" : "");
}
