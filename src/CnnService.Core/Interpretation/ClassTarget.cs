using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation;

/// <summary>The class that is asked about, and what the network says of it.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Predicted">The number of the most probable class.</param>
/// <param name="Probability">Of the class, 0–1.</param>
/// <param name="Score">Its logit; of the first class of a single sigmoid output, the logit's negative.</param>
/// <param name="OutputWeights">One factor an output: what picks the score.</param>
public sealed record ClassTarget(int Index, int Predicted, double Probability, double Score, IReadOnlyList<float> OutputWeights)
{
    /// <param name="network">Says how many outputs there are.</param>
    /// <param name="logits">Of one image.</param>
    /// <param name="wanted">Null: the predicted class.</param>
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
        for (var i = 0; i < network.Classes; i++)
        {
            sum += Math.Exp(Logit(network, logits, i) - own);
        }

        return 1 / sum;
    }

    /// <summary>A sigmoid of z is the softmax of (0, z).</summary>
    private static double Logit(ResolvedNetwork network, ReadOnlySpan<float> logits, int index) =>
        !network.IsSigmoid ? logits[index] : index == 1 ? logits[0] : 0;
}
