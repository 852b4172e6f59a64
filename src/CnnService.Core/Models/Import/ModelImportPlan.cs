namespace CnnService.Core.Models.Import;

/// <summary>A parsed <see cref="ModelImportRequest"/>. Survives JSON, as it goes to the process that opens the file.</summary>
/// <param name="File">Path of an ONNX or safetensors file.</param>
/// <param name="Architecture">For safetensors: a preset's name or a network in JSON. Null for ONNX, which contains its own.</param>
/// <param name="Labels">The classes; null: those in the file, or else numbered ones.</param>
/// <param name="Preprocessing">Null: that in the file, or the usual one for the weights.</param>
public sealed record ModelImportPlan(string File, string? Architecture, ClassLabels? Labels, PreprocessingChoice? Preprocessing);
