using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>A validated request for a receptive field. Immutable.</summary>
public sealed record ReceptiveFieldPlan
{
    private ReceptiveFieldPlan(LoadedModel model, ResolvedLayer layer, (int Height, int Width) map, (int Y, int X) cell, bool isMeasured) =>
        (Model, Layer, Map, Cell, IsMeasured) = (model, layer, map, cell, isMeasured);

    internal LoadedModel Model { get; }

    internal ResolvedLayer Layer { get; }

    /// <summary>Size of the layer's feature map; 1x1 for a vector.</summary>
    internal (int Height, int Width) Map { get; }

    internal (int Y, int X) Cell { get; }

    internal bool IsMeasured { get; }

    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="request">The cell, and whether to measure.</param>
    /// <returns>Problem codes: <c>layer.not-found</c>, <c>request.invalid</c>.</returns>
    public static Outcome<ReceptiveFieldPlan> Create(LoadedModel model, string layer, ReceptiveFieldRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        return LayerLookup.Find(model, layer).Bind(found =>
        {
            var map = found.OutputShape.IsMap ? (found.OutputShape.Height, found.OutputShape.Width) : (1, 1);
            var (height, width) = map;
            var (y, x) = request.Cell ?? (height / 2, width / 2);
            var errors = new ValidationErrors();
            var isInside = y >= 0 && y < height && x >= 0 && x < width;
            errors.Require(isInside, "cell",
                $"must lie in the map of '{layer}', rows 0 to {height - 1} and columns 0 to {width - 1}, received {y},{x}");
            return errors.Any
                ? Problem.Validation(errors)
                : Outcome.Success(new ReceptiveFieldPlan(model, found, map, (y, x), request.IsMeasured));
        });
    }
}
