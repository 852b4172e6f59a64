using System.Globalization;
using CnnService.Client;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts.Networks;

/// <summary>A network from left to right: a block's height is the size of its maps, its width the number of its channels.</summary>
public sealed partial class NetworkStrip
{
    private const int Pitch = 96;

    private const int LaneHeight = 148;

    private const int LargestBody = 92;

    private IReadOnlyList<LayerSummary>? _arranged;

    private IReadOnlyList<NetworkBlock> _blocks = [];

    private int _largest = 1;

    /// <summary>The layers, each behind those that it takes.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<LayerSummary> Layers { get; set; } = [];

    /// <summary>The layer that is looked at; null: none.</summary>
    [Parameter]
    public string? Chosen { get; set; }

    /// <summary>Where a block leads; null: nowhere.</summary>
    [Parameter]
    public Func<NetworkBlock, string?>? Address { get; set; }

    private int Columns => _blocks.Count == 0 ? 0 : _blocks.Max(block => block.Column) + 1;

    private int Lanes => _blocks.Count == 0 ? 0 : _blocks.Max(block => block.Lane) + 1;

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_arranged, Layers))
        {
            return;
        }

        _arranged = Layers;
        _blocks = NetworkLayout.Arrange(Layers);
        _largest = Layers.Where(layer => layer.OutputShape.Count == 3).Select(layer => layer.OutputShape[1]).Append(1).Max();
    }

    /// <summary>The square root of the map's share of the largest, so that small maps are still seen.</summary>
    private int Height(NetworkBlock block) => block.Shape.Count == 3
        ? 10 + (int)((LargestBody - 10) * Math.Sqrt((double)block.Shape[1] / _largest))
        : 14 + (int)(6 * Math.Log2(Math.Max(1, block.Shape[0])));

    private static int Width(NetworkBlock block) => block.Shape.Count == 3 ? 4 + (int)(5 * Math.Log2(Math.Max(1, block.Shape[0]))) : 8;

    private static string Wire(NetworkBlock from, NetworkBlock to)
    {
        var (x1, y1) = ((from.Column * Pitch) + 8 + (Pitch / 2) + (Width(from) / 2), (from.Lane * LaneHeight) + (LargestBody / 2) + 4);
        var (x2, y2) = ((to.Column * Pitch) + 8 + (Pitch / 2) - (Width(to) / 2), (to.Lane * LaneHeight) + (LargestBody / 2) + 4);
        var bend = y1 == y2 && to.Column - from.Column > 1 ? -LargestBody / 2 : 0; // A connection past what lies between.
        return string.Create(CultureInfo.InvariantCulture, $"M{x1} {y1}C{x1 + 30} {y1 + bend} {x2 - 30} {y2 + bend} {x2} {y2}");
    }

    private static string Describe(NetworkBlock block)
    {
        var field = block.Layers[^1].ReceptiveField is { Count: 2 } seen ? $"; a cell sees {seen[0]} × {seen[1]} pixels" : null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", block.Layers.Select(layer => $"{layer.Name} ({layer.Type})"))}: {block.ShapeText}; "
            + $"{block.Layers.Sum(layer => layer.Parameters):N0} weights{field}");
    }
}
