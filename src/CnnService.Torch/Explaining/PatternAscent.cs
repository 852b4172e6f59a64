using static TorchSharp.torch;

namespace CnnService.Torch.Explaining;

/// <summary>Gradient ascent from noise to the picture a filter responds to most.</summary>
internal sealed class PatternAscent(LoadedNetwork network, PatternPlan plan, FourierPicture picture)
{
    private const double FaintStart = 0.01;
    private const double StrongStart = 0.1;

    /// <summary>A filter whose start gives no gradient gets two more, stronger ones.</summary>
    internal const int Attempts = 3;

    /// <summary>The spectrum attempt number <paramref name="attempt"/> starts from.</summary>
    internal Tensor Start(TileStreams streams, int attempt) =>
        picture.Start(streams.Start(attempt), attempt == 0 ? FaintStart : StrongStart);

    /// <summary>Climbs; false, and the spectrum as it was, where there is no slope to climb.</summary>
    /// <param name="spectrum">Changed in place.</param>
    /// <param name="filter">Which filter.</param>
    /// <param name="streams">The tile's chance.</param>
    /// <param name="attempt">Which of the starts this is.</param>
    /// <param name="cancel">Heeded before each step.</param>
    internal bool Climb(Tensor spectrum, int filter, TileStreams streams, int attempt, CancellationToken cancel)
    {
        spectrum.requires_grad_(true);
        using var adam = new AdamAscent(spectrum);
        for (var step = 0; step < plan.Iterations; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var matrix = RobustTransforms.Draw(streams.Transform(attempt, step), plan.Size, picture.Canvas);
            var seen = RobustTransforms.Apply(picture.Draw(spectrum), matrix, plan.Size);
            var score = plan.Response.Score(network.Preactivation(seen, plan.Layer.Name, filter));
            var gradient = autograd.grad([score], [spectrum])[0];
            if (step == 0 && !IsSlope(gradient))
            {
                return false;
            }

            adam.Step(gradient);
        }

        return true;
    }

    /// <summary>Neither zero everywhere nor overflowing.</summary>
    private static bool IsSlope(Tensor gradient)
    {
        using var steepest = gradient.abs().amax();
        return steepest.item<float>() is > 0 and < float.PositiveInfinity;
    }
}
