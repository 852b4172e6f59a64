using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>What a file says of itself in its metadata, as this service's own exports do.</summary>
internal sealed class FileFacts(ModelProto model, InputSpec image)
{
    /// <summary>Class names; null if there are none.</summary>
    public IReadOnlyList<string>? Classes { get; } = Json<List<string>>(model, OnnxExporter.ClassesKey) is { Count: >= 2 } classes
        && classes.All(ResourceName.IsClass) ? classes : null;

    /// <summary>The preprocessing; null if there is none.</summary>
    public Preprocessing? Preprocessing { get; } =
        Core.Models.Preprocessing.FromMetadata(Text(model, Core.Models.Preprocessing.MetadataKey), image);

    /// <summary>The mean image that the file subtracted from its input; null if it subtracted none.</summary>
    public MeanImage? MeanImage { get; init; }

    /// <summary>Whether an output is not one that every export of this service has.</summary>
    public bool IsForeign(string output) => Classes is null || output is not (OnnxExporter.Logits or OnnxExporter.Probabilities);

    private static T? Json<T>(ModelProto model, string key)
        where T : class
    {
        var text = Text(model, key);
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<T>(text, CoreJson.Options);
        }
        catch (JsonException)
        {
            return null; // Not written by this service: ignored.
        }
    }

    private static string? Text(ModelProto model, string key) => model.MetadataProps.LastOrDefault(entry => entry.Key == key)?.Value;
}
