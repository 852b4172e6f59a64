using static TorchSharp.torch;

namespace CnnService.Torch.Explaining;

/// <summary>Gradient ascent in the frequencies of the picture, which is moved a little before every step. Owns native memory.</summary>
internal sealed class PatternAscent(LoadedNetwork network, PatternPlan plan, int channels) : IPatternAscent
{
    private const double FaintStart = 0.01;
    private const double StrongStart = 0.1;

    private readonly FourierPicture _picture = new(plan.Size, channels, network.Device);

    public Tensor Start(TileStreams streams, int attempt) => _picture.Start(streams.Start(attempt), attempt == 0 ? FaintStart : StrongStart);

    public bool Climb(Tensor position, int filter, TileStreams streams, int attempt, CancellationToken cancel)
    {
        position.requires_grad_(true);
        using var adam = new AdamAscent(position);
        for (var step = 0; step < plan.Iterations; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var matrix = RobustTransforms.Draw(streams.Transform(attempt, step), plan.Size, _picture.Canvas);
            var seen = RobustTransforms.Apply(_picture.Draw(position), matrix, plan.Size);
            var score = plan.Response.Score(network.Preactivation(seen, plan.Layer.Name, filter));
            var gradient = autograd.grad([score], [position])[0];
            if (step == 0 && !IPatternAscent.IsSlope(gradient))
            {
                return false;
            }

            adam.Step(gradient);
        }

        return true;
    }

    public Tensor Show(Tensor position) => _picture.Show(position);

    public void Dispose() => _picture.Dispose();
}
