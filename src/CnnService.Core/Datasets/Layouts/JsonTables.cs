using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>Finds labels in JSON files of known forms: exports of Label Studio, and COCO.</summary>
internal static class JsonTables
{
    private const int MaxDepth = 64;

    /// <summary>The table; null where the file is no JSON of a known form. Problem: <c>dataset.several-labels</c>.</summary>
    public static Outcome<LabelTable?> Read(TableFile file)
    {
        try
        {
            using var json = JsonDocument.Parse(file.Text.TrimStart('\uFEFF'), new() { MaxDepth = MaxDepth });
            return json.RootElement.ValueKind switch
            {
                JsonValueKind.Array => LabelStudioTasks.Read(file.Path, json.RootElement),
                JsonValueKind.Object => Outcome.Success(CocoAnnotations.Read(file.Path, json.RootElement)),
                _ => Outcome.Success<LabelTable?>(null),
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return Outcome.Success<LabelTable?>(null); // InvalidOperationException: a lone surrogate, which is no text.
        }
    }

    /// <summary>The member as text, whole numbers included; null where there is none.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : null;

    /// <summary>The elements of a member; none where it is no array.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray() : [];
}
