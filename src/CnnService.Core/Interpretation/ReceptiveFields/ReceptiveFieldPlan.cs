using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>A request for a receptive field, found sound.</summary>
public sealed record ReceptiveFieldPlan
{
    private ReceptiveFieldPlan(LoadedModel model, ResolvedLayer layer, (int Height, int Width) map, (int Y, int X) cell, bool isMeasured) =>
        (Model, Layer, Map, Cell, IsMeasured) = (model, layer, map, cell, isMeasured);

    internal LoadedModel Model { get; }

    internal ResolvedLayer Layer { get; }

    /// <summary>Of the layer; 1 by 1 where it has none.</summary>
    internal (int Height, int Width) Map { get; }

    internal (int Y, int X) Cell { get; }

    internal bool IsMeasured { get; }

    /// <param name="model">The version.</param>
    /// <param name="layer">Of its network, as the caller named it.</param>
    /// <param name="request">Which cell.</param>
    /// <returns>Problem codes: <c>layer.not-found</c>, <c>request.invalid</c>.</returns>
    public static Outcome<ReceptiveFieldPlan> Create(LoadedModel model, string layer, ReceptiveFieldRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        return VisualLayers.Find(model, layer).Bind(found =>
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
