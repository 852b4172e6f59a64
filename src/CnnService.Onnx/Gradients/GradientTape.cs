using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>What has been found of the gradient by each value: a value taken by several layers gets the sum of what they hand back.</summary>
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

    /// <summary>The gradient by a value, once all layers that take it are done; null where the score does not depend on it.</summary>
    public string? By(string value)
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
