using CnnService.Client;

namespace CnnService.Studio.Parts.Networks;

/// <summary>A layer in the drawing of a network, and what only changes its numbers (activation, normalization, dropout).</summary>
/// <param name="Layers">The layer, and those that follow it one by one.</param>
/// <param name="Column">Its place from left to right, from 0: behind all that it takes.</param>
/// <param name="Lane">Its place from top to bottom, from 0; branches lie below each other.</param>
/// <param name="Inputs">Indices of the blocks that it takes; none: the image.</param>
public sealed record NetworkBlock(IReadOnlyList<LayerSummary> Layers, int Column, int Lane, IReadOnlyList<int> Inputs)
{
    /// <summary>The layer that gives the block its name and its colour.</summary>
    public LayerSummary Main => Layers[0];

    /// <summary>What comes out of it: <c>[channels, height, width]</c> or <c>[length]</c>.</summary>
    public IReadOnlyList<int> Shape => Layers[^1].OutputShape;

    /// <summary>What the block is, as a class of the style sheet.</summary>
    public string Kind => Main.Type switch
    {
        "conv2d" => "convolution",
        "dense" => "dense",
        "maxPooling2d" or "averagePooling2d" or "globalAveragePooling2d" or "globalMaxPooling2d" => "pooling",
        _ => "other",
    };

    /// <summary>Its shape in words: <c>64 × 75 × 75</c>.</summary>
    public string ShapeText => string.Join(" × ", Shape);

    public bool Holds(string? layer) => Layers.Any(one => one.Name == layer);
}
