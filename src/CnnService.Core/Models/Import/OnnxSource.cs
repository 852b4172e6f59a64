using System.Collections.ObjectModel;

namespace CnnService.Core.Models.Import;

/// <summary>An ONNX file to translate, and what its sender said of it.</summary>
/// <param name="Path">Path of the file.</param>
public sealed record OnnxSource(string Path)
{
    /// <summary>Paths of the files with its external data, by the names that were sent with them.</summary>
    public IReadOnlyDictionary<string, string> Companions { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Number of class names given; null: none.</summary>
    public int? Labels { get; init; }

    /// <summary>Name of the output that classifies; null: the one that the evidence is for.</summary>
    public string? Output { get; init; }
}
