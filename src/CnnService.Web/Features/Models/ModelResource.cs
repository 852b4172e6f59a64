using System.Text.Json.Serialization;
using CnnService.Core.Importing;
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

    /// <summary>Height, width and channels of the picture it takes.</summary>
    public required IReadOnlyList<int> Input { get; init; }

    public required Preprocessing Preprocessing { get; init; }

    public ModelMetrics? Metrics { get; init; }

    /// <summary>How far OnnxRuntime and TorchSharp agree on validation pictures.</summary>
    public ParityReport? Parity { get; init; }

    /// <summary>The run, data set and epoch it came from.</summary>
    public ModelOrigin? Origin { get; init; }

    /// <summary>The file it was imported from.</summary>
    public ModelSource? Source { get; init; }

    /// <summary>What became of an imported file; told once, when it is imported.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelImportReport? Import { get; init; }

    public required IReadOnlyList<PackageFile> Files { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static ModelVersionResource Of(string model, int version, ModelManifest manifest) => new()
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
        CreatedAt = manifest.CreatedAt,
    };
}
