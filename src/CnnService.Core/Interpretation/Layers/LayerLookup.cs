using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Layers;

/// <summary>Resolves names of layers and indexes of filters.</summary>
public static class LayerLookup
{
    /// <summary>The layers that can be visualized: all except dropout and flatten.</summary>
    public static IReadOnlyList<VisualLayer> List(ResolvedNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return [.. network.Layers.Where(CanBeVisualized).Select(Describe)];
    }

    /// <summary>The layer of a name, if it can be visualized. Problem code: <c>layer.not-found</c>.</summary>
    internal static Outcome<ResolvedLayer> Find(LoadedModel model, string layer)
    {
        if (model.Network.Find(layer) is { } found && CanBeVisualized(found))
        {
            return found;
        }

        return MissingLayer.Describe(model, layer, [.. model.Network.Layers.Where(CanBeVisualized).Select(shown => shown.Name)],
            " to look into");
    }

    /// <summary>
    /// The filters from <paramref name="offset"/> on, fewer than requested at the end of the layer. Problem code: <c>filter.not-found</c>.
    /// </summary>
    internal static Outcome<FilterRange> Filters(ResolvedLayer layer, int offset, int count)
    {
        var filters = layer.OutputShape.Channels;
        if (offset < 0 || offset >= filters)
        {
            return Problem.NotFound(
                "filter.not-found", $"The layer '{layer.Name}' has the filters 0 to {filters - 1}, received {offset}.") with
            {
                Data = new Dictionary<string, object?> { ["filters"] = filters },
            };
        }

        if (count is < 1 or > FilterRange.MaxFilters)
        {
            var errors = new ValidationErrors();
            errors.Add("count", $"must be between 1 and {FilterRange.MaxFilters}, received {count}");
            return Problem.Validation(errors);
        }

        return new FilterRange(offset, Math.Min(count, filters - offset));
    }

    /// <summary>Dropout and flatten only pass on the output of the layer before them.</summary>
    private static bool CanBeVisualized(ResolvedLayer layer) => layer.Spec is not (DropoutLayer or FlattenLayer);

    private static VisualLayer Describe(ResolvedLayer layer)
    {
        var shape = layer.OutputShape;
        return new(layer.Name, LayerTypes.NameOf(layer.Spec), shape.Channels, shape.IsMap ? [shape.Height, shape.Width] : [1, 1]);
    }
}

/// <summary>Consecutive filters of a layer.</summary>
internal readonly record struct FilterRange(int First, int Count)
{
    /// <summary>Most filters in a grid.</summary>
    public const int MaxFilters = 64;

    public IEnumerable<int> Filters => Enumerable.Range(First, Count);

    public override string ToString() =>
        Count == 1 ? ContentKey.Text(First) : $"{ContentKey.Text(First)}-{ContentKey.Text(First + Count - 1)}";
}
