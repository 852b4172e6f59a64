using System.Text.Json.Serialization;
using CnnService.Core.Architecture;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Models;

/// <summary>A model and its versions, newest first.</summary>
internal sealed record ModelResource(string Name, IReadOnlyDictionary<string, int> Aliases, IReadOnlyList<ModelVersionResource> Versions);

/// <summary>A published version.</summary>
internal sealed record ModelVersionResource
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>A preset's name or "custom".</summary>
    public required string Architecture { get; init; }

    /// <summary>Height, width and channels of the image it takes.</summary>
    public required IReadOnlyList<int> Input { get; init; }

    public required Preprocessing Preprocessing { get; init; }

    public ModelMetrics? Metrics { get; init; }

    /// <summary>How far the served network agrees with its reference, on which images and on how many; null where it is an imported file as
    /// it is.</summary>
    public ParityReport? Parity { get; init; }

    /// <summary>The run, data set and epoch it came from.</summary>
    public ModelOrigin? Origin { get; init; }

    /// <summary>The file it was imported from.</summary>
    public ModelSource? Source { get; init; }

    /// <summary>What became of an imported file: weights filled and not, what was assumed, whether it is served as a graph only; told of a
    /// single version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelImportReport? Import { get; init; }

    public required IReadOnlyList<PackageFile> Files { get; init; }

    /// <summary>Weights and biases; told of a single version whose layers are known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Parameters { get; init; }

    /// <summary>The aliases that name it, <c>latest</c> among them; told of a single version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Aliases { get; init; }

    public required IReadOnlyDictionary<string, string> Links { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>All that is known of a single version.</summary>
    public static ModelVersionResource From(LoadedModel model, IReadOnlyList<string> aliases) =>
        From(model.Name, model.Version, model.Manifest) with
        {
            Parameters = model.HasLayers ? ArchitectureSummary.Create(model.Network).Totals.Parameters : null,
            Aliases = aliases,
            Import = model.Manifest.Import,
        };

    public static ModelVersionResource From(string model, int version, ModelManifest manifest) => new()
    {
        Model = model,
        Version = version,
        Classes = manifest.Classes,
        Architecture = manifest.Architecture,
        Input = [manifest.Network.Input.Height, manifest.Network.Input.Width, manifest.Network.Input.Channels],
        Preprocessing = manifest.Preprocessing,
        Metrics = manifest.Metrics,
        Parity = manifest.Parity,
        Origin = manifest.Origin,
        Source = manifest.Source,
        Files = manifest.Files,
        Links = LinksOf($"/models/{model}/versions/{version}", manifest),
        CreatedAt = manifest.CreatedAt,
    };

    private static Dictionary<string, string> LinksOf(string path, ModelManifest manifest)
    {
        var links = new Dictionary<string, string> { ["onnx"] = $"{path}/onnx", ["summary"] = $"{path}/summary" };
        if (manifest.Source is not { Unsupported.Count: > 0 })
        {
            links["weights"] = $"{path}/weights";
        }

        if (manifest.Origin is { } origin)
        {
            links["run"] = $"/runs/{origin.RunId}";
            links["evaluation"] = $"/runs/{origin.RunId}/evaluation";
            links["dataset"] = $"/datasets/{origin.Dataset}";
        }

        return links;
    }
}
