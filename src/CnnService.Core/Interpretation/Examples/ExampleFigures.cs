using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.Examples;

/// <summary>An image that activates a filter strongly, and where.</summary>
/// <param name="Image">Id of the image in the data set.</param>
/// <param name="Value">Activation at the cell, after the activation function.</param>
/// <param name="Cell">Row and column in the feature map.</param>
/// <param name="Box">Receptive field of the cell in pixels of the network's input; may extend beyond the image.</param>
/// <param name="Place">Index of the image in the split.</param>
public sealed record ExampleFigures(string Image, double Value, IReadOnlyList<int> Cell, FieldBox Box, int Place);
