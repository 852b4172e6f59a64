using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>Maps node names to unique layer names, replacing characters that are not allowed in URLs and file names.</summary>
internal sealed class ImportedNames
{
    private const int MaxLength = 64;

    private static readonly string[] ReservedNames = ["classes", "feature-maps", "input", "network"];

    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(ReservedNames, StringComparer.OrdinalIgnoreCase);

    /// <summary>The names in the file by layer name.</summary>
    public IReadOnlyDictionary<string, string> Origins => _origins;

    /// <summary>Reserves a unique layer name, for example <c>features.0.Conv</c> for <c>/features/0/Conv</c>.</summary>
    public string Reserve(string original)
    {
        var plain = Sanitize(original);
        var name = plain;
        for (var number = 2; !_taken.Add(name); number++)
        {
            var suffix = $"_{number}";
            name = plain[..Math.Min(plain.Length, MaxLength - suffix.Length)] + suffix;
        }

        _origins[name] = original;
        return name;
    }

    /// <summary>The name with disallowed characters replaced, reduced to its last 64 characters.</summary>
    public static string Sanitize(string original)
    {
        var letters =
            string.Concat(original.Select(c => c is '/' or ':' ? '.' : char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'))
            .TrimStart('.', '-');
        var end = letters.Length > MaxLength ? letters[^MaxLength..].TrimStart('.', '-') : letters;
        return ResourceName.IsLayer(end) ? end : "layer";
    }
}
