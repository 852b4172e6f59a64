namespace CnnService.Core.Interpretation.Examples;

/// <summary>An image that excites a filter, and where.</summary>
/// <param name="Image">Its id in the data set.</param>
/// <param name="Value">What the filter answers, after its activation function.</param>
/// <param name="Cell">Row and column of the map.</param>
/// <param name="Box">What that cell sees, in pixels of the network's image; may reach beyond it.</param>
/// <param name="Place">In the split, from 0.</param>
public sealed record ExampleFigures(string Image, double Value, IReadOnlyList<int> Cell, FieldBox Box, int Place);
