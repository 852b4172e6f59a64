using System.Text.Json.Serialization;
using CnnService.Core.Architecture;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Models.Starts;

/// <summary>A trained network to start from: the file <c>start.json</c> in a folder, beside the files it names.</summary>
public sealed record StartManifest
{
    public const string FileName = "start.json";

    /// <summary>The name in <c>startFrom.pretrained</c>, and of the model that can be looked into.</summary>
    public required string Name { get; init; }

    /// <summary>What the network is, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>The images that it was trained on.</summary>
    public required string TrainedOn { get; init; }

    /// <summary>Where the file comes from.</summary>
    public required string Source { get; init; }

    /// <summary>The licence of the source.</summary>
    public required string Licence { get; init; }

    /// <summary>What the source says, and does not say, of the terms of the weights.</summary>
    public required string Terms { get; init; }

    /// <summary>Name of the ONNX file beside the manifest.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 (hex) of that file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The network's input, and so the size of the images of whatever starts from it.</summary>
    public required InputSpec Input { get; init; }

    /// <summary>Number of its outputs.</summary>
    public required int Features { get; init; }

    /// <summary>The preprocessing it was trained with.</summary>
    public PreprocessingNumbers Preprocessing { get; init; } = new();

    /// <summary>A mean image that is kept in an ONNX file; null: the preprocessing has none, or holds it itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StoredTensor? MeanImage { get; init; }
}

/// <summary>A constant of an ONNX file.</summary>
/// <param name="File">Name of the file beside the manifest.</param>
/// <param name="Sha256">SHA-256 (hex) of that file.</param>
/// <param name="Tensor">Name of the constant, <c>[1,C,H,W]</c> or <c>[C,H,W]</c>.</param>
public sealed record StoredTensor(string File, string Sha256, string Tensor);
