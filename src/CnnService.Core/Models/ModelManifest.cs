using System.Text.Json.Serialization;
using CnnService.Core.Architecture;

namespace CnnService.Core.Models;

/// <summary>What a model version is: the file <c>manifest.json</c> in its folder, written last, whole or absent.</summary>
public sealed record ModelManifest
{
    /// <summary>The version of this file's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>
    /// Class names in the order of the outputs; with one sigmoid output its probability is that of class 1. Empty where the network
    /// ends in features: it can be looked into and started from, and classifies nothing.
    /// </summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The network, names and units filled in.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>The preset it was built from, of which an import may have only the first layers; or "custom".</summary>
    public required string Architecture { get; init; }

    public required Preprocessing Preprocessing { get; init; }

    /// <summary>The run, data set and epoch it came from; null for an imported one.</summary>
    public ModelOrigin? Origin { get; init; }

    /// <summary>The file it was imported from; null for a trained one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelSource? Source { get; init; }

    /// <summary>What became of that file; null for a trained one, and where an earlier version imported it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelImportReport? Import { get; init; }

    /// <summary>The metrics of the epoch whose weights these are; null for an imported one.</summary>
    public ModelMetrics? Metrics { get; init; }

    /// <summary>How far OnnxRuntime and TorchSharp agree on the pictures that it names.</summary>
    public ParityReport? Parity { get; init; }

    /// <summary>Its predictions on the validation pictures; null for an imported one, and where an earlier version published it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PredictionProfile? Baseline { get; init; }

    /// <summary>Every other file of the folder.</summary>
    public required IReadOnlyList<PackageFile> Files { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <param name="RunId">The training run.</param>
/// <param name="Dataset">Its data set's name.</param>
/// <param name="DatasetDigest">The content it was trained on.</param>
/// <param name="Epoch">The epoch whose weights were kept, from 1.</param>
public sealed record ModelOrigin(string RunId, string Dataset, string DatasetDigest, int Epoch);

/// <summary>A file that a version was imported from.</summary>
/// <param name="Format">"onnx" or "safetensors".</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Hex.</param>
/// <param name="LayerNames">From a layer's name here to its name in the file, where they differ.</param>
public sealed record ModelSource(string Format, long Bytes, string Sha256, IReadOnlyDictionary<string, string> LayerNames)
{
    /// <summary>The nodes that kept its network from becoming layers; empty where it has them.</summary>
    public IReadOnlyList<UnsupportedNode> Unsupported { get; init; } = [];
}

/// <param name="Name">File name inside the package.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Hex.</param>
public sealed record PackageFile(string Name, long Bytes, string Sha256);

/// <summary>The network as it is served against a reference, on the same pictures.</summary>
/// <param name="Pictures">How many were compared.</param>
/// <param name="LargestDifference">Of the logits, absolute, divided by max(1, the largest magnitude of the reference).</param>
/// <param name="Agreement">Share of pictures with the same best class, 0–1.</param>
public sealed record ParityReport(int Pictures, double LargestDifference, double Agreement)
{
    /// <summary>
    /// Which pictures: of the data set that it was trained on those of <c>validation</c>, or of <c>train</c> where there are no others; of an imported network
    /// <c>generated</c> ones, soft colours and noise, always the same. Null where an earlier version of the service compared them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ParityPictures? On { get; init; }

    /// <summary>What the served network was held to: its layers and weights in <c>torchSharp</c>, or the <c>importedFile</c> itself in OnnxRuntime. Null as <see cref="On"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ParityReference? Reference { get; init; }
}

/// <summary>The pictures that two carriers of a network were compared on.</summary>
public enum ParityPictures
{
    /// <summary>The data set's validation pictures.</summary>
    Validation,

    /// <summary>The data set's training pictures, where it has no others.</summary>
    Train,

    /// <summary>Soft colours and noise, the same for every import.</summary>
    Generated,
}

/// <summary>What a served network is held to.</summary>
public enum ParityReference
{
    /// <summary>The same layers and weights in TorchSharp.</summary>
    TorchSharp,

    /// <summary>The file that it was imported from, in OnnxRuntime.</summary>
    ImportedFile,
}
