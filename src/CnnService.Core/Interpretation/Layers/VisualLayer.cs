namespace CnnService.Core.Interpretation.Layers;

/// <summary>A layer that can be visualized.</summary>
/// <param name="Name">Name of the layer in the network.</param>
/// <param name="Type">Type of the layer in JSON, such as <c>conv2d</c>.</param>
/// <param name="Filters">Number of output channels.</param>
/// <param name="MapSize">Height and width of a feature map at the network's input size; <c>[1, 1]</c> for a vector.</param>
public sealed record VisualLayer(string Name, string Type, int Filters, IReadOnlyList<int> MapSize);
