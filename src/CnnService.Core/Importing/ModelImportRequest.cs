namespace CnnService.Core.Importing;

/// <summary>A network from elsewhere, and what has to be said about it. Texts are as people sent them.</summary>
/// <param name="File">Path of an ONNX or safetensors file.</param>
public sealed record ModelImportRequest(string File)
{
    /// <summary>Of a safetensors file: a preset's name or a network in JSON. An ONNX file has its own.</summary>
    public string? Architecture { get; init; }

    /// <summary>The classes, one a line, in the order of the outputs; null: those in the file, or numbers.</summary>
    public string? Labels { get; init; }

    /// <summary>A normalization's name or a <see cref="Preprocessing"/> in JSON; null: that in the file, or the usual one for the weights.</summary>
    public string? Preprocessing { get; init; }
}
