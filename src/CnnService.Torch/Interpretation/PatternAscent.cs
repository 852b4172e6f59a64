using CnnService.Core.Interpretation.Ascent;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// Gradient ascent on the spectrum or the pixels of an image that is randomly transformed before each step. Owns native memory.
/// </summary>
internal sealed class PatternAscent(LoadedNetwork network, PatternJob job, FilterResponse response) : IPatternAscent
{
    private const double FaintStart = 0.01;
    private const double StrongStart = 0.1;

    /// <summary>
    /// Standard deviation of the start for linear layers. Their cells need both signs from the start: among cells of one sign the gradient
    /// is constant, and its maximum is one flat colour.
    /// </summary>
    private const double StartOfLinear = 1;

    /// <summary>Weight of the similarity to other images, relative to the score.</summary>
    private const double Penalty = 1;

    private readonly FourierImage _image = new(job, network.Device, job.Form.IsLinear);

    public Tensor Start(TileStreams streams, int attempt) =>
        _image.Start(streams.Start(attempt), _image.IsSmooth ? StartOfLinear : attempt == 0 ? FaintStart : StrongStart);

    public bool Maximize(
        Tensor position, int filter, TileStreams streams, int attempt, IReadOnlyList<Tensor> others, CancellationToken cancel)
    {
        position.requires_grad_(true);
        using var adam = new AdamAscent(position);
        for (var step = 0; step < job.Iterations; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var matrix = RobustTransforms.Draw(streams.Transform(attempt, step), job.Size, _image.Canvas, job.Request.Transforms,
                job.ClassDirection != 0);
            var seen = RobustTransforms.Apply(_image.Draw(position), matrix, job.Size);
            var gradient = Gradients.Compute(Score(seen, filter, others), [position])[0];
            if (step == 0 && !IPatternAscent.IsUsable(gradient))
            {
                return false;
            }

            adam.Step(gradient);
        }

        return true;
    }

    public Tensor ToImage(Tensor position) => _image.ToImage(position);

    public void Dispose() => _image.Dispose();

    private Tensor Score(Tensor seen, int filter, IReadOnlyList<Tensor> others)
    {
        if (others.Count == 0)
        {
            return response.Score(network, seen, filter);
        }

        var (score, similarity) = response.Score(network, seen, filter, others);
        return score.sub(similarity.mul(score.detach().abs()).mul(OwnedScalars.Create(Penalty)));
    }
}
