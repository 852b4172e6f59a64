using System.Collections.ObjectModel;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>A model file to import and its description. Texts are as received.</summary>
/// <param name="File">Path of an ONNX or safetensors file, or of a zip with an ONNX file.</param>
public sealed record ModelImportRequest(string File)
{
    /// <summary>For safetensors: a preset's name or a network in JSON. Must be null for ONNX, which contains its own.</summary>
    public string? Architecture { get; init; }

    /// <summary>The classes, one per line, in the order of the outputs; null: those in the file, or else numbered ones.</summary>
    public string? Labels { get; init; }

    /// <summary>
    /// A normalization's name or <see cref="PreprocessingNumbers"/> in JSON; null: that in the file, or the usual one for the weights.
    /// </summary>
    public string? Preprocessing { get; init; }

    /// <summary>Paths of the files with an ONNX file's external data, by the names that were sent with them.</summary>
    public IReadOnlyDictionary<string, string> Companions { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Name of the ONNX output that classifies; null: the one that the evidence is for.</summary>
    public string? Output { get; init; }

    /// <summary>Parses the texts, once: what does not depend on the file's content is reported before it is opened.</summary>
    /// <param name="errors">Receives the broken rules, under <c>labels</c> and <c>preprocessing</c>.</param>
    /// <returns>Of no use where errors were added.</returns>
    public ModelImportPlan Parse(ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return new(
            File,
            Architecture,
            Labels is null ? null : ClassLabels.Parse(Labels, errors),
            Preprocessing is null ? null : PreprocessingChoice.Parse(Preprocessing, errors))
        {
            Companions = Companions,
            Output = Output,
        };
    }
}
