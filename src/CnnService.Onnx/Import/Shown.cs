namespace CnnService.Onnx.Import;

/// <summary>Names of foreign files in messages: short, and without control characters.</summary>
internal static class Shown
{
    private const int Most = 100;

    public static string Text(string text) => string.Concat(text.Take(Most).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > Most ? "…" : "");
}
