using CnnService.Core.Interpretation.Ascent;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// Gradient ascent on pixels with steps of fixed length (after the Keras example "Visualizing what convnets learn"). Only relative
/// brightness matters, so that the image is shown centred on grey at a fixed contrast, whatever the length of the path.
/// </summary>
internal sealed class QuickAscent(LoadedNetwork network, PatternJob job, FilterResponse response) : IPatternAscent
{
    private const double Grey = 0.5;
    private const double FaintStart = 0.02;
    private const double StrongStart = 0.2;

    /// <summary>
    /// Standard deviation of the start for linear layers. Their cells need both signs from the start: among cells of one sign the gradient
    /// is constant, and its maximum is one flat colour.
    /// </summary>
    private const double StartOfLinear = 0.2;

    /// <summary>Root mean square of a step over the values of the image, which lie in 0–1.</summary>
    private const double StepLength = 0.02;

    private const double ShownDeviation = 0.15;
    private const double MinDeviation = 1e-6;

    public Tensor Start(TileStreams streams, int attempt)
    {
        var random = streams.Start(attempt);
        var deviation = attempt > 0 ? StrongStart : job.Form.IsLinear ? StartOfLinear : FaintStart;
        var pixels = new float[job.Model.Network.Spec.Input.Channels * job.Size.Height * job.Size.Width];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (float)(Grey + (deviation * random.NextGaussian()));
        }

        return tensor(pixels, [1, job.Model.Network.Spec.Input.Channels, job.Size.Height, job.Size.Width], ScalarType.Float32,
            device: network.Device);
    }

    public bool Maximize(
        Tensor position, int filter, TileStreams streams, int attempt, IReadOnlyList<Tensor> others, CancellationToken cancel)
    {
        position.requires_grad_(true);
        for (var step = 0; step < job.Iterations; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var score = response.Score(network, position, filter);
            var gradient = Gradients.Compute(score, [position])[0];
            if (step == 0 && !IPatternAscent.IsUsable(gradient))
            {
                return false;
            }

            Move(position, gradient);
        }

        return true;
    }

    public Tensor ToImage(Tensor position)
    {
        using var scope = NewDisposeScope();
        var centred = position.sub(position.mean());
        var deviation = Math.Max(RootMeanSquare(centred), MinDeviation);
        return centred.mul(OwnedScalars.Create(ShownDeviation / deviation)).add(OwnedScalars.Create(Grey), OwnedScalars.One)
            .clamp(OwnedScalars.Create(0), OwnedScalars.One).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        // Nothing to release.
    }

    private static void Move(Tensor position, Tensor gradient)
    {
        using var still = no_grad();
        var length = RootMeanSquare(gradient);
        if (length is > 0 and < float.PositiveInfinity)
        {
            position.add_(gradient, alpha: OwnedScalars.Create(StepLength / length));
        }
    }

    private static float RootMeanSquare(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.mul(values).mean().sqrt().item<float>();
    }
}
