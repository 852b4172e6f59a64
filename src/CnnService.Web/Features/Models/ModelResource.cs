using System.Text.Json.Serialization;
using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Web.Api;

namespace CnnService.Web.Features.Models;

/// <summary>A model and its versions, newest first.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Aliases">Versions by alias.</param>
/// <param name="Versions">Those whose files are whole.</param>
/// <param name="Corrupt">Those whose files are damaged or missing: they exist, and cannot be used.</param>
internal sealed record ModelResource(
    string Name, IReadOnlyDictionary<string, int> Aliases, IReadOnlyList<ModelVersionResource> Versions,
    IReadOnlyList<CorruptVersion> Corrupt);

/// <summary>A version that cannot be used.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Failure">What is wrong with its files.</param>
internal sealed record CorruptVersion(int Version, Failure Failure);

/// <summary>A published version of a model.</summary>
internal sealed record ModelVersionResource
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public ImportedTask? Task { get; init; }

    /// <summary>Name of a preset, or "custom".</summary>
    public required string Architecture { get; init; }

    /// <summary>Height, width and channels of the input image.</summary>
    public required IReadOnlyList<int> Input { get; init; }

    /// <summary>How images become the network's input; of a mean image size and hash only.</summary>
    public required Preprocessing Preprocessing { get; init; }

    public ModelMetrics? Metrics { get; init; }

    /// <summary>
    /// How closely the served network agrees with its reference, on which and how many images; null for an imported file that is served as
    /// is.
    /// </summary>
    public ParityReport? Parity { get; init; }

    /// <summary>
    /// Temperature of its probabilities, and their expected calibration error before and after; null where it was not calibrated.
    /// </summary>
    public VersionCalibration? Calibration { get; init; }

    /// <summary>The probability that classes need. Only in the resource of a single version that has some.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Thresholds { get; init; }

    /// <summary>The run, data set and epoch it was trained in; null if it was imported.</summary>
    public ModelOrigin? Origin { get; init; }

    /// <summary>The file it was imported from; null if it was trained here.</summary>
    public ModelSource? Source { get; init; }

    /// <summary>
    /// Result of the import: weights filled and missing, assumptions made, whether it is served as a graph only. Only in the resource of a
    /// single version.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelImportReport? Import { get; init; }

    public required IReadOnlyList<PackageFile> Files { get; init; }

    /// <summary>Number of weights and biases. Only in the resource of a single version whose layers are known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Parameters { get; init; }

    /// <summary>The aliases that name it, including <c>latest</c>. Only in the resource of a single version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Aliases { get; init; }

    public required IReadOnlyDictionary<string, string> Links { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The resource of a single version, with all its details.</summary>
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
        Task = manifest.Task,
        Architecture = manifest.Architecture,
        Input = [manifest.Network.Input.Height, manifest.Network.Input.Width, manifest.Network.Input.Channels],
        Preprocessing = manifest.Preprocessing.Describe(),
        Metrics = manifest.Metrics,
        Parity = manifest.Parity,
        Calibration = manifest.Calibration,
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

        if (manifest.Calibration is not null)
        {
            links["calibration"] = $"{path}/calibration.png";
        }

        if (manifest.Origin is { } origin)
        {
            links["run"] = $"/runs/{origin.RunId}";
            links["evaluation"] = $"/runs/{origin.RunId}/evaluation";
            links["dataset"] = $"/datasets/{origin.Reference}";
        }

        return links;
    }
}
