using CnnService.Core.Common;
using CnnService.Core.Models;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>Measures effective receptive fields, and keeps the last ones. Problem codes: those of <see cref="ICellGradients"/>. Thread safe.</summary>
public sealed class EffectiveFields(ICellGradients gradients, ILogger<EffectiveFields>? logger = null) : IDisposable
{
    /// <summary>A max pooling hands its gradient to one cell of each window: it takes many pictures to see all of them.</summary>
    public const int Pictures = 32;

    private const int AtOnce = 4;
    private const long MaxBytes = 8 << 20;
    private const ulong Key = 0xEFF_1E1D;

    private readonly CoalescingCache<string, EffectiveField> _fields = new(
        new("effective receptive fields") { MaxBytes = MaxBytes, MaxConcurrency = 1 }, field => (field.Weights.Count * (long)sizeof(float)) + 64, logger);

    /// <param name="model">The version that the figures are of.</param>
    /// <param name="figures">The cell.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public Task<Outcome<EffectiveField>> MeasureAsync(LoadedModel model, FieldFigures figures, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(figures);
        return _fields.GetOrComputeAsync(
            PictureKey.Of("effective-field", PictureKey.Content(model), figures.Layer, PictureKey.Text(figures.Cell[0]), PictureKey.Text(figures.Cell[1])),
            token => Task.Run(() => Measure(model, figures, token), token),
            cancel);
    }

    public void Dispose() => _fields.Dispose();

    private Outcome<EffectiveField> Measure(LoadedModel model, FieldFigures figures, CancellationToken cancel)
    {
        var input = model.Network.Spec.Input;
        var space = new PictureSpace(input, model.Manifest.Preprocessing);
        var cell = Cell(model, figures);
        var area = input.Height * input.Width;
        var magnitudes = new double[area];
        for (var first = 0; first < Pictures; first += AtOnce)
        {
            cancel.ThrowIfCancellationRequested();
            var read = gradients.ReadCell(model, new(figures.Layer, Noise(space, first), AtOnce, cell));
            if (read.Problem is { } problem)
            {
                return problem;
            }

            for (var picture = 0; picture < AtOnce; picture++)
            {
                var values = space.GradientBack(read.Value.Span.Slice(picture * space.Length, space.Length));
                for (var i = 0; i < values.Length; i++)
                {
                    magnitudes[i % area] += Math.Abs(values[i]);
                }
            }
        }

        return EffectiveField.Of(magnitudes, input.Width, figures.Box, Pictures);
    }

    /// <summary>1 for each filter's value at the cell.</summary>
    private static float[] Cell(LoadedModel model, FieldFigures figures)
    {
        var shape = model.Network.Find(figures.Layer)!.OutputShape;
        var (height, width) = (figures.Map[0], figures.Map[1]);
        var cell = new float[shape.Channels * height * width];
        for (var filter = 0; filter < shape.Channels; filter++)
        {
            cell[(((filter * height) + figures.Cell[0]) * width) + figures.Cell[1]] = 1;
        }

        return cell;
    }

    private static float[] Noise(PictureSpace space, int first)
    {
        var planes = new float[AtOnce * space.Length];
        var values = new float[space.Length];
        for (var picture = 0; picture < AtOnce; picture++)
        {
            var random = new CounterRandom(Key, (ulong)(first + picture));
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)random.NextDouble();
            }

            space.ToPlanes(values, planes.AsSpan(picture * space.Length, space.Length));
        }

        return planes;
    }
}
