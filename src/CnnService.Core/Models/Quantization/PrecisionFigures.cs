namespace CnnService.Core.Models.Quantization;

/// <summary>The same figure of a network in two arithmetics.</summary>
/// <param name="Float32">Of the network as trained.</param>
/// <param name="Int8">Of the 8-bit network.</param>
public sealed record PrecisionFigures(double Float32, double Int8);
