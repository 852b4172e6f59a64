using CnnService.Core.Interpretation.Ascent;

namespace CnnService.Core.Interpretation.ClassImages;

/// <summary>Measurements of a class image, made by the served network on its 8-bit pixels.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Index">Index of the class.</param>
/// <param name="Probability">
/// Probability of the class for this image, 0–1; null if the image does not have the network's input size.
/// </param>
/// <param name="Logit">Logit of the class for this image; null as for <paramref name="Probability"/>.</param>
/// <param name="Predicted">Name of the most probable class for this image; null as for <paramref name="Probability"/>.</param>
/// <param name="Iterations">Steps of gradient ascent done.</param>
/// <param name="Size">Side of the image in pixels.</param>
/// <param name="Seed">Seed of the request.</param>
/// <param name="Status">Whether the activation exceeds that of noise.</param>
public sealed record ClassImageFigures(
    string Class, int Index, double? Probability, double? Logit, string? Predicted, int Iterations, int Size, int Seed,
    PatternStatus Status);
