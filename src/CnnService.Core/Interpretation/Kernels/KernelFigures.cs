namespace CnnService.Core.Interpretation.Kernels;

/// <summary>Weights of a filter.</summary>
/// <param name="Layer">Name of the convolution.</param>
/// <param name="Filter">Index of the filter.</param>
/// <param name="Shape">Input channels, height and width.</param>
/// <param name="Weights">Weights in C order.</param>
/// <param name="LargestOfLayer">Largest absolute weight of the layer.</param>
public sealed record KernelFigures(string Layer, int Filter, IReadOnlyList<int> Shape, IReadOnlyList<float> Weights, double LargestOfLayer);
