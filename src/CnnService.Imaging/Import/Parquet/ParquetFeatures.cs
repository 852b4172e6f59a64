using System.Text.Json;

namespace CnnService.Imaging.Import.Parquet;

/// <summary>What Hugging Face's library writes of the columns under the metadata key <c>huggingface</c>.</summary>
/// <param name="Images">Columns of images.</param>
/// <param name="Labels">Columns of labels, or of lists of labels, with the names of the classes.</param>
internal sealed record ParquetFeatures(IReadOnlyList<string> Images, IReadOnlyDictionary<string, IReadOnlyList<string>> Labels)
{
    public const string Key = "huggingface";

    private const int MaxDepth = 16;
    private const int MaxNames = 100_000;

    public static ParquetFeatures None { get; } = new([], new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>None where the text is no such description.</summary>
    public static ParquetFeatures Parse(string? json)
    {
        try
        {
            using var document = JsonDocument.Parse(json ?? string.Empty, new() { MaxDepth = MaxDepth });
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("info", out var info) && info.ValueKind == JsonValueKind.Object
                && info.TryGetProperty("features", out var features) && features.ValueKind == JsonValueKind.Object
                    ? Read(features) : None;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return None; // InvalidOperationException: a lone surrogate, which is no text.
        }
    }

    private static ParquetFeatures Read(JsonElement features)
    {
        var images = new List<string>();
        var labels = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var feature in features.EnumerateObject())
        {
            var about = Element(feature.Value);
            if (TypeOf(about) == "Image" && TypeOf(feature.Value) == "Image")
            {
                images.Add(feature.Name);
            }
            else if (TypeOf(about) == "ClassLabel" && about.TryGetProperty("names", out var names)
                && names.ValueKind == JsonValueKind.Array && names.GetArrayLength() <= MaxNames)
            {
                labels[feature.Name] = [.. names.EnumerateArray().Select(name => name.ValueKind == JsonValueKind.String
                    ? name.GetString()! : name.GetRawText())];
            }
        }

        return new(images, labels);
    }

    /// <summary>What a list is of, in each way in which the library has written one; of others the feature itself.</summary>
    private static JsonElement Element(JsonElement feature) =>
        feature.ValueKind == JsonValueKind.Array && feature.GetArrayLength() == 1 ? feature[0]
        : TypeOf(feature) is "Sequence" or "List" or "LargeList" && feature.TryGetProperty("feature", out var element) ? element
        : feature;

    private static string? TypeOf(JsonElement feature) => feature.ValueKind == JsonValueKind.Object
        && feature.TryGetProperty("_type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
}
