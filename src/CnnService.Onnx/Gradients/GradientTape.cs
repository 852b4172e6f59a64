using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>
/// Accumulates gradients by value during the backward pass: a value used by several layers gets the sum of their contributions.
/// </summary>
internal sealed class GradientTape(GraphBuilder graph)
{
    private readonly Dictionary<string, List<string>> _parts = new(StringComparer.Ordinal);

    public void Add(string value, string gradient)
    {
        if (!_parts.TryGetValue(value, out var parts))
        {
            _parts[value] = parts = [];
        }

        parts.Add(gradient);
    }

    /// <summary>
    /// The gradient with respect to a value, to be read after all layers that use it were added; null if the score does not depend on it.
    /// </summary>
    public string? GradientOf(string value)
    {
        if (!_parts.TryGetValue(value, out var parts))
        {
            return null;
        }

        if (parts.Count > 1)
        {
            _parts[value] = parts = [graph.Node("Sum", $"{value}/gradient", $"{value}/gradient", parts)];
        }

        return parts[0];
    }
}
