using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CnnService.Core.Training.Sweeps;

/// <summary>A path into a training request: <c>optimizer.learningRate</c>, <c>architecture.layers[2].filters</c>.</summary>
internal sealed partial class TrialPath
{
    public const string Rule = "must be a path into a training request such as optimizer.learningRate or architecture.layers[2].filters";

    private readonly string[] _parts;

    private TrialPath(string text, string[] parts) => (Text, _parts) = (text, parts);

    public string Text { get; }

    /// <summary>Property names and, as <c>[2]</c>, indexes.</summary>
    public IReadOnlyList<string> Parts => _parts;

    /// <summary>Parses a path; null if the text is not one.</summary>
    public static TrialPath? Parse(string text) => Pattern().IsMatch(text)
        ? new(text, [.. Part().Matches(text).Select(part => part.Value)])
        : null;

    /// <summary>True if <paramref name="path"/> equals <paramref name="other"/> or is a prefix of it.</summary>
    public static bool LeadsTo(string path, string other) =>
        other.StartsWith(path, StringComparison.Ordinal) && (other.Length == path.Length || other[path.Length] is '.' or '[');

    /// <summary>Sets the value at the path; missing objects on the way are created.</summary>
    /// <returns>Null on success, else what blocks the path.</returns>
    public string? Put(JsonObject root, JsonElement value)
    {
        JsonNode at = root;
        for (var i = 0; i < _parts.Length; i++)
        {
            if (!Has(at, _parts[i]))
            {
                return $"does not fit its base, which has {Describe(at)} where {_parts[i]} is looked for";
            }

            var next = i == _parts.Length - 1 ? JsonSerializer.SerializeToNode(value) : Get(at, _parts[i]) ?? new JsonObject();
            if (next is null || next.Parent is null)
            {
                Set(at, _parts[i], next);
            }

            at = next!;
        }

        return null;
    }

    /// <summary>The value at the path; null if there is none.</summary>
    public JsonNode? Find(JsonObject root)
    {
        JsonNode? at = root;
        foreach (var part in _parts)
        {
            at = at is not null && Has(at, part) ? Get(at, part) : null;
        }

        return at;
    }

    /// <summary>True if the node can hold the part: an object any name, a list only an existing index.</summary>
    private static bool Has(JsonNode node, string part) => node switch
    {
        JsonObject => part[0] != '[',
        JsonArray list => part[0] == '[' && Index(part) < list.Count,
        _ => false,
    };

    private static JsonNode? Get(JsonNode node, string part) => node is JsonArray list ? list[Index(part)] : node[part];

    private static void Set(JsonNode node, string part, JsonNode? value)
    {
        if (node is JsonArray list)
        {
            list[Index(part)] = value;
        }
        else
        {
            node[part] = value;
        }
    }

    private static int Index(string part) => int.Parse(part.AsSpan()[1..^1], CultureInfo.InvariantCulture);

    private static string Describe(JsonNode node) => node switch
    {
        JsonObject => "an object",
        JsonArray list => $"a list of {list.Count.ToString(CultureInfo.InvariantCulture)}",
        _ => node.ToJsonString(),
    };

    [GeneratedRegex(@"\A[A-Za-z]\w{0,63}(\[\d{1,4}\])*(\.[A-Za-z]\w{0,63}(\[\d{1,4}\])*){0,15}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\w+|\[\d+\]")]
    private static partial Regex Part();
}
