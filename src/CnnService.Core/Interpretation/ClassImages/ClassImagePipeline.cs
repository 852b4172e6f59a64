using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.ClassImages;

/// <summary>
/// Images that maximize a class's logit by gradient ascent. For a weakly trained network they show texture rather than objects. Thread
/// safe.
/// </summary>
/// <param name="cache">Renders and caches the tiles.</param>
/// <param name="scores">Measure the finished image.</param>
public sealed class ClassImagePipeline(PatternTileCache cache, IServedScores scores)
{
    /// <summary>The plan on the device that is to draw it, or has drawn it; ask for its tag and its image after this.</summary>
    public ClassImagePlan Place(ClassImagePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.On(cache.ChoosesGpu([.. plan.Jobs.Select(one => one.Job)]));
    }

    /// <summary>
    /// The image and its measurements, one a class. Takes seconds if the tiles are not cached. Problem codes: those of
    /// <see cref="IPatternRenderer.RenderAsync"/> and of <see cref="IServedScores"/>.
    /// </summary>
    /// <param name="plan">What to render.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<Outcome<(DrawnFigure Image, IReadOnlyList<ClassImageFigures> Figures)>> GetOrRenderAsync(
        ClassImagePlan plan, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return await OutcomeAsync.AllAsync(plan.Jobs, async one => (await cache.GetOrRenderAsync(one.Job, cancel)).Map(tiles => tiles[0]))
            .BindAsync(tiles => Compose(plan, tiles));
    }

    /// <summary>The same if no tile has to be rendered for it, else null.</summary>
    public Outcome<(DrawnFigure Image, IReadOnlyList<ClassImageFigures> Figures)>? Find(ClassImagePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<PatternTile> tiles = [];
        foreach (var (_, job) in plan.Jobs)
        {
            if (cache.Find(job) is not [var tile, ..])
            {
                return null;
            }

            tiles.Add(tile);
        }

        return Compose(plan, tiles);
    }

    private Outcome<(DrawnFigure Image, IReadOnlyList<ClassImageFigures> Figures)> Compose(
        ClassImagePlan plan, IReadOnlyList<PatternTile> tiles) =>
        Outcome.All(plan.Jobs.Zip(tiles, (one, tile) => Measure(plan.Model, one.Class, tile)))
            .Map(figures => (ClassImage.Render(plan, tiles, figures), figures));

    /// <summary>Runs the served network on the very bytes that are shown.</summary>
    private Outcome<ClassImageFigures> Measure(LoadedModel model, int index, PatternTile tile)
    {
        var input = model.Network.Spec.Input;
        var classes = model.Manifest.Classes;
        var (iterations, size, seed, status) = (tile.Figures.Iterations, tile.Figures.Size, tile.Figures.Seed, tile.Figures.Status);
        var plain = new ClassImageFigures(classes[index], index, null, null, null, iterations, size, seed, status);
        return (tile.Image.Height, tile.Image.Width) != (input.Height, input.Width)
            ? plain
            : scores.Logits(model, [tile.Image.Data]).Map(logits =>
            {
                var target = ClassTarget.Resolve(model.Network, logits, index);
                return plain with { Probability = target.Probability, Logit = target.Score, Predicted = classes[target.Predicted] };
            });
    }
}
