using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>Names of nodes as names of layers: what URLs and files cannot hold is replaced, once and for all.</summary>
internal sealed class ImportedNames
{
    private const int Most = 64;

    private static readonly string[] Reserved = ["classes", "feature-maps", "input", "network"];

    private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(Reserved, StringComparer.OrdinalIgnoreCase);

    /// <summary>From a name here to the name in the file.</summary>
    public IReadOnlyDictionary<string, string> Origins => _origins;

    /// <summary>A name that no other layer has: <c>/features/0/Conv</c> becomes <c>features.0.Conv</c>.</summary>
    public string Take(string original)
    {
        var plain = Plain(original);
        var name = plain;
        for (var number = 2; !_taken.Add(name); number++)
        {
            var suffix = FormattableString.Invariant($"_{number}");
            name = plain[..Math.Min(plain.Length, Most - suffix.Length)] + suffix;
        }

        _origins[name] = original;
        return name;
    }

    /// <summary>The name without the characters that a layer's may not have; the end of it where it is long.</summary>
    public static string Plain(string original)
    {
        var letters = string.Concat(original.Select(c => c is '/' or ':' ? '.' : char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')).TrimStart('.', '-');
        var end = letters.Length > Most ? letters[^Most..].TrimStart('.', '-') : letters;
        return ResourceName.IsLayer(end) ? end : "layer";
    }
}
