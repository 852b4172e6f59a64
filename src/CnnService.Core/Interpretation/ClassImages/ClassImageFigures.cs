namespace CnnService.Core.Interpretation.ClassImages;

/// <summary>What a class image achieved, measured on its 8-bit image by the served network.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Index">Its place.</param>
/// <param name="Probability">That the network gives it, 0–1; null where the image is not of the network's own size.</param>
/// <param name="Logit">As <paramref name="Probability"/>.</param>
/// <param name="Predicted">What the network names the image.</param>
/// <param name="Iterations">Steps done.</param>
/// <param name="Size">Side in pixels.</param>
/// <param name="Seed">Of the request.</param>
/// <param name="Status">Whether it beats noise.</param>
public sealed record ClassImageFigures(
    string Class, int Index, double? Probability, double? Logit, string? Predicted, int Iterations, int Size, int Seed,
    PatternStatus Status);
