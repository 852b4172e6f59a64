using System.Text.Json.Serialization;
using CnnService.Core.Architecture;
using CnnService.Core.Datasets;

namespace CnnService.Core.Models;

/// <summary>Description of a model version: the file <c>manifest.json</c> in its folder, written last and atomically. Immutable.</summary>
public sealed record ModelManifest
{
    /// <summary>Version of the file format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>
    /// Class names in the order of the outputs; a single sigmoid output is the probability of class 1. Empty where the network ends in
    /// features: it can be inspected and trained from, but classifies nothing.
    /// </summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The network, with names and units filled in.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>The preset it was built from (an import may have only its first layers), or "custom".</summary>
    public required string Architecture { get; init; }

    public required Preprocessing Preprocessing { get; init; }

    /// <summary>The run, data set and epoch it comes from; null for an imported model.</summary>
    public ModelOrigin? Origin { get; init; }

    /// <summary>The file it was imported from; null for a trained model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelSource? Source { get; init; }

    /// <summary>Report on the import; null for a trained model, and where an earlier version of the service imported it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelImportReport? Import { get; init; }

    /// <summary>
    /// The input of the ONNX file it was imported from; null for all others, and where what the file does to its input first is done here
    /// outside of the network (a mean image, a scaling).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FileInput? FileInput { get; init; }

    /// <summary>Metrics of the epoch that the weights are from; null for an imported model.</summary>
    public ModelMetrics? Metrics { get; init; }

    /// <summary>Agreement of the OnnxRuntime and TorchSharp outputs, on the images that it names.</summary>
    public ParityReport? Parity { get; init; }

    /// <summary>
    /// Its predictions on the validation images; null for an imported model, and where an earlier version of the service published it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PredictionProfile? Baseline { get; init; }

    /// <summary>
    /// How far its probabilities can be trusted; its ONNX file contains the temperature. Null for an imported model, and where there were
    /// too few validation images.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VersionCalibration? Calibration { get; init; }

    /// <summary>
    /// Of a version trained on images with any number of labels, in the order of the classes: the probability from which an image is said
    /// to have the class, 0–1. Null for all others.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Thresholds { get; init; }

    /// <summary>The threshold of a class for which none was chosen or set.</summary>
    public const double DefaultThreshold = 0.5;

    /// <summary>What the network is for.</summary>
    [JsonIgnore]
    public ImportedTask Task => Classes.Count == 0 ? ImportedTask.Tensors
        : Thresholds is not null ? ImportedTask.MultiLabel
        : Import?.Task ?? ImportedTask.SingleLabel;

    /// <summary>Every other file of the folder.</summary>
    public required IReadOnlyList<PackageFile> Files { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <param name="RunId">The training run.</param>
/// <param name="Dataset">Its data set's name.</param>
/// <param name="DatasetDigest">Content digest of the data set at training time.</param>
/// <param name="Epoch">The epoch whose weights were kept, from 1.</param>
/// <param name="DatasetRevision">Number of the data set's revision.</param>
public sealed record ModelOrigin(string RunId, string Dataset, string DatasetDigest, int Epoch, int DatasetRevision = 1)
{
    /// <summary>The data set and its revision, as requests name them.</summary>
    [JsonIgnore]
    public string Reference => new DatasetReference(Dataset, DatasetRevision).ToString();
}

/// <summary>The file a version was imported from.</summary>
/// <param name="Format">"onnx" or "safetensors".</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Of the file, hex.</param>
/// <param name="LayerNames">Names in the file by layer name, where they differ.</param>
public sealed record ModelSource(string Format, long Bytes, string Sha256, IReadOnlyDictionary<string, string> LayerNames)
{
    /// <summary>The nodes that prevented a translation to layers; empty where it has layers.</summary>
    public IReadOnlyList<UnsupportedNode> Unsupported { get; init; } = [];
}

/// <param name="Name">File name inside the package.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Of the file, hex.</param>
public sealed record PackageFile(string Name, long Bytes, string Sha256);

/// <summary>Agreement of the served network with a reference, on the same images.</summary>
/// <param name="Images">Number of images compared.</param>
/// <param name="LargestDifference">Largest absolute difference of the logits, divided by max(1, the largest magnitude of
/// the reference).</param>
/// <param name="Agreement">Share of images with the same predicted class, 0–1.</param>
public sealed record ParityReport(int Images, double LargestDifference, double Agreement)
{
    /// <summary>
    /// The images compared: <c>validation</c> images of the training data set, or <c>train</c> images where there are no others; for an
    /// imported network <c>generated</c> ones, smooth colour gradients with noise, always the same. Null where an earlier version of the
    /// service compared them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ParityImages? On { get; init; }

    /// <summary>
    /// The reference: the same layers and weights in <c>torchSharp</c>, or the <c>importedFile</c> itself in OnnxRuntime. Null as
    /// <see cref="On"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ParityReference? Reference { get; init; }
}

/// <summary>The images used for a parity check.</summary>
public enum ParityImages
{
    /// <summary>Validation images of the data set.</summary>
    Validation,

    /// <summary>Training images of the data set, where it has no others.</summary>
    Train,

    /// <summary>Smooth colour gradients with noise, the same for every import.</summary>
    Generated,
}

/// <summary>The reference of a parity check.</summary>
public enum ParityReference
{
    /// <summary>The same layers and weights in TorchSharp.</summary>
    TorchSharp,

    /// <summary>The file it was imported from, in OnnxRuntime.</summary>
    ImportedFile,
}
