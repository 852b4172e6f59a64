using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Writes an explanation in the requested file format.</summary>
internal static class ExplanationFile
{
    /// <summary>Numbers and map values as JSON.</summary>
    public static byte[] Json(ExplanationPlan plan, Explanation map) => JsonSerializer.SerializeToUtf8Bytes(
        ExplanationFigures.Create(plan, map) with { Values = [.. map.Values.Chunk(map.Width)] }, CoreJson.Options);

    /// <summary>The map as raw little-endian float32, row by row.</summary>
    public static byte[] Floats(Explanation map) => ArrayFile.Floats([.. map.Values]);

    /// <summary>The map in NumPy's <c>.npy</c> format, version 1.0.</summary>
    public static byte[] Npy(Explanation map) => ArrayFile.Npy([.. map.Values], map.Height, map.Width);

    /// <summary>The numbers, as the file of a figure tells them.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Text(ExplanationPlan plan, Explanation map)
    {
        var result = JsonSerializer.SerializeToElement(ExplanationFigures.Create(plan, map), CoreJson.Options);
        return
        [
            .. result.EnumerateObject()
                .Where(field => field.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
                .Select(field => PngText.Create(field.Name, field.Value.ToString())),
            .. map.Figures.Select(figure => PngText.Create(figure.Key, figure.Value.ToString("R", CultureInfo.InvariantCulture))),
        ];
    }
}
