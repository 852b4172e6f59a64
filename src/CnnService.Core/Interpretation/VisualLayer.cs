namespace CnnService.Core.Interpretation;

/// <summary>A layer that can be looked into.</summary>
/// <param name="Name">In the network.</param>
/// <param name="Type">Its kind in JSON: <c>conv2d</c>.</param>
/// <param name="Filters">Channels of its output.</param>
/// <param name="MapSize">Height and width of a map for an image of the network's size; <c>[1, 1]</c> for a vector.</param>
public sealed record VisualLayer(string Name, string Type, int Filters, IReadOnlyList<int> MapSize);
