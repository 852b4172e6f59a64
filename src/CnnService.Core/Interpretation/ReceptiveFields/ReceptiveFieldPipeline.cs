using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>Computes theoretical receptive fields, and measures effective ones, the most recent of which are cached. Thread safe.</summary>
public sealed class ReceptiveFieldPipeline(ICellGradients gradients, ILogger<ReceptiveFieldPipeline>? logger = null) : IDisposable
{
    /// <summary>
    /// Number of noise images. Max pooling passes its gradient to one cell of each window, so that many images are needed to cover them
    /// all.
    /// </summary>
    public const int Images = 32;

    private const int BatchSize = 4;
    private const long MaxBytes = 8 << 20;
    private const ulong Key = 0xEFF_1E1D;

    private readonly CoalescingCache<string, EffectiveField> _fields = new(
        new("effective receptive fields")
        {
            MaxBytes = MaxBytes,
            MaxConcurrency = 1,
        }, field => (field.Weights.Count * (long)sizeof(float)) + 64, logger);

    /// <summary>
    /// The receptive field of a cell, with the effective one if the plan asks for it. Problem codes: those of <see cref="ICellGradients"/>.
    /// </summary>
    /// <param name="plan">Layer and cell.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<Outcome<ReceptiveFieldFigures>> ComputeAsync(ReceptiveFieldPlan plan, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var figures = ReceptiveFieldFigures.Compute(plan);
        return plan.IsMeasured
            ? (await MeasureAsync(plan, figures, cancel)).Map(field => figures with { Effective = field })
            : figures;
    }

    /// <summary>The same if nothing has to be measured for it, else null.</summary>
    public ReceptiveFieldFigures? Find(ReceptiveFieldPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var figures = ReceptiveFieldFigures.Compute(plan);
        return !plan.IsMeasured ? figures
            : _fields.TryGet(FieldKey(plan.Model, figures), out var field) ? figures with { Effective = field } : null;
    }

    public void Dispose() => _fields.Dispose();

    private Task<Outcome<EffectiveField>> MeasureAsync(ReceptiveFieldPlan plan, ReceptiveFieldFigures figures, CancellationToken cancel) =>
        _fields.GetOrComputeAsync(FieldKey(plan.Model, figures), token => Task.Run(() => Measure(plan, figures, token), token), cancel);

    private static string FieldKey(LoadedModel model, ReceptiveFieldFigures figures) => ContentKey.Create(
        "effective-field", ContentKey.Content(model), figures.Layer, ContentKey.Text(figures.Cell[0]), ContentKey.Text(figures.Cell[1]));

    private Outcome<EffectiveField> Measure(ReceptiveFieldPlan plan, ReceptiveFieldFigures figures, CancellationToken cancel)
    {
        var model = plan.Model;
        var input = model.Network.Spec.Input;
        var space = new ImageSpace(input, model.Manifest.Preprocessing);
        var cell = Cell(plan);
        var magnitudes = new double[input.Height * input.Width];
        return Outcome.All(Enumerable.Range(0, Images / BatchSize).Select(batch =>
        {
            cancel.ThrowIfCancellationRequested();
            return gradients.ReadCell(model, new(figures.Layer, Noise(space, batch * BatchSize), BatchSize, cell)).Map(read =>
            {
                AddMagnitudes(magnitudes, space, read.Span);
                return default(Unit);
            });
        })).Map(_ => EffectiveField.Compute(magnitudes, input.Width, figures.Box, Images));
    }

    /// <summary>Adds the magnitudes of a batch's gradients to the sums of each pixel, over images and channels.</summary>
    private static void AddMagnitudes(double[] sums, ImageSpace space, ReadOnlySpan<float> gradients)
    {
        for (var image = 0; image < BatchSize; image++)
        {
            var values = space.ToImageGradient(gradients.Slice(image * space.Length, space.Length));
            for (var i = 0; i < values.Length; i++)
            {
                sums[i % sums.Length] += Math.Abs(values[i]);
            }
        }
    }

    /// <summary>Weights that select every filter at the cell, <c>[C,H,W]</c>.</summary>
    private static float[] Cell(ReceptiveFieldPlan plan)
    {
        var (channels, (height, width), (y, x)) = (plan.Layer.OutputShape.Channels, plan.Map, plan.Cell);
        var cell = new float[channels * height * width];
        for (var filter = 0; filter < channels; filter++)
        {
            cell[(((filter * height) + y) * width) + x] = 1;
        }

        return cell;
    }

    private static float[] Noise(ImageSpace space, int first)
    {
        var planes = new float[BatchSize * space.Length];
        var values = new float[space.Length];
        for (var image = 0; image < BatchSize; image++)
        {
            var random = new CounterRandom(Key, (ulong)(first + image));
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)random.NextDouble();
            }

            space.ToPlanes(values, planes.AsSpan(image * space.Length, space.Length));
        }

        return planes;
    }
}
