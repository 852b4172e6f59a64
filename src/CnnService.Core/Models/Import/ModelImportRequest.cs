using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

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

    /// <summary>The rules that hold whatever is in the file, so that nobody waits for it to be opened to hear of them.</summary>
    /// <param name="errors">Gets those broken, under <c>labels</c> and <c>preprocessing</c>.</param>
    public void Check(ValidationErrors errors)
    {
        if (Labels is not null)
        {
            ClassLabels.Read(Labels, [], errors);
        }

        if (Preprocessing is not null)
        {
            PreprocessingReader.Check(Preprocessing, errors);
        }
    }
}
