using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Classes;

/// <summary>The class to explain, and what the network outputs for it.</summary>
/// <param name="Index">Index of the class.</param>
/// <param name="Predicted">Index of the most probable class.</param>
/// <param name="Probability">Probability of the class, 0–1.</param>
/// <param name="Score">Logit of the class; for the first class of a single sigmoid output, the negated logit.</param>
/// <param name="OutputWeights">Weights <c>[K]</c> of the outputs whose weighted sum is the score.</param>
public sealed record ClassTarget(int Index, int Predicted, double Probability, double Score, IReadOnlyList<float> OutputWeights)
{
    /// <param name="network">Gives the number and kind of outputs.</param>
    /// <param name="logits">Logits of one image, <c>[K]</c>.</param>
    /// <param name="wanted">Index of the class; null for the predicted one.</param>
    public static ClassTarget Resolve(ResolvedNetwork network, ReadOnlySpan<float> logits, int? wanted)
    {
        ArgumentNullException.ThrowIfNull(network);
        var predicted = 0;
        for (var i = 1; i < network.Classes; i++)
        {
            predicted = Logit(network, logits, i) > Logit(network, logits, predicted) ? i : predicted;
        }

        var index = wanted ?? predicted;
        var weights = new float[network.Outputs];
        weights[network.IsSigmoid ? 0 : index] = network.IsSigmoid && index == 0 ? -1 : 1;
        return new(index, predicted, ProbabilityOf(network, logits, index), ScoreOf(logits, weights), weights);
    }

    /// <summary>The weighted sum of one image's outputs.</summary>
    public static double ScoreOf(ReadOnlySpan<float> scores, IReadOnlyList<float> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            sum += weights[i] == 0 ? 0 : (double)scores[i] * weights[i];
        }

        return sum;
    }

    public static double ProbabilityOf(ResolvedNetwork network, ReadOnlySpan<float> logits, int index)
    {
        ArgumentNullException.ThrowIfNull(network);
        var (sum, own) = (0.0, Logit(network, logits, index));
        if (network.IsMultiLabel)
        {
            return Sigmoid.Of(own);
        }

        for (var i = 0; i < network.Classes; i++)
        {
            sum += Math.Exp(Logit(network, logits, i) - own);
        }

        return 1 / sum;
    }

    /// <summary>Logit of a class; a single sigmoid output z is expanded to (0, z), whose softmax equals the sigmoid.</summary>
    private static double Logit(ResolvedNetwork network, ReadOnlySpan<float> logits, int index) =>
        !network.IsSigmoid ? logits[index] : index == 1 ? logits[0] : 0;
}
