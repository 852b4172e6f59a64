namespace CnnService.Core.Models;

/// <summary>An output of an imported ONNX file.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its dimensions for one image, without the batch.</param>
/// <param name="IsAnswer">Whether its values are what the classes are read from.</param>
/// <param name="ServedAs">
/// The output or layer of the served network that gives it, so that it can be asked for under <c>/v2</c> by its own name; null where
/// nothing does.
/// </param>
public sealed record FileOutput(string Name, IReadOnlyList<long> Shape, bool IsAnswer, string? ServedAs);
