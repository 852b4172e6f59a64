using System.Collections.ObjectModel;

namespace CnnService.Core.Models.Import;

/// <summary>A parsed <see cref="ModelImportRequest"/>. Survives JSON, as it goes to the process that opens the file.</summary>
/// <param name="File">Path of an ONNX or safetensors file, or of a zip with an ONNX file.</param>
/// <param name="Architecture">For safetensors: a preset's name or a network in JSON. Null for ONNX, which contains its own.</param>
/// <param name="Labels">The classes; null: those in the file, or else numbered ones.</param>
/// <param name="Preprocessing">Null: that in the file, or the usual one for the weights.</param>
public sealed record ModelImportPlan(string File, string? Architecture, ClassLabels? Labels, PreprocessingChoice? Preprocessing)
{
    /// <summary>Paths of the files with an ONNX file's external data, by the names that were sent with them.</summary>
    public IReadOnlyDictionary<string, string> Companions { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Name of the ONNX output that classifies; null: the one that the evidence is for.</summary>
    public string? Output { get; init; }

    /// <summary>Bytes of all of its files.</summary>
    public long CountBytes() => new FileInfo(File).Length + Companions.Values.Sum(path => new FileInfo(path).Length);
}
