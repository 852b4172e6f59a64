namespace CnnService.Core.Models;

/// <summary>An output of an imported ONNX file.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its dimensions for one image, without the batch.</param>
/// <param name="IsAnswer">Whether its values are what the classes are read from.</param>
public sealed record FileOutput(string Name, IReadOnlyList<long> Shape, bool IsAnswer);
