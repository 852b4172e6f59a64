using CnnService.Core.Models;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>
/// How much a network speaks for a class: the logit, never its softmax or sigmoid, which saturate. Of one sigmoid output, class 1 is
/// the logit and class 0 its negative.
/// </summary>
/// <param name="Model">With classes.</param>
/// <param name="Class">Index.</param>
internal sealed record ClassScore(LoadedModel Model, int Class)
{
    private int Outputs => Model.Network.Outputs;

    /// <summary>What each logit counts for.</summary>
    public float[] Weights
    {
        get
        {
            var weights = new float[Outputs];
            weights[Outputs == 1 ? 0 : Class] = Outputs == 1 && Class == 0 ? -1 : 1;
            return weights;
        }
    }

    public string Name => Model.Manifest.Classes[Class];

    public float Of(ReadOnlySpan<float> logits) => Outputs == 1 ? (Class == 0 ? -logits[0] : logits[0]) : logits[Class];

    /// <summary>0–1.</summary>
    public double Probability(ReadOnlySpan<float> logits)
    {
        var all = Probabilities(logits);
        return Outputs == 1 ? (Class == 0 ? 1 - all[0] : all[0]) : all[Class];
    }

    /// <summary>As <see cref="Probability"/>.</summary>
    public float ProbabilityOf(ReadOnlySpan<float> logits) => (float)Probability(logits);

    /// <summary>The class that the network names.</summary>
    public static int Predicted(LoadedModel model, ReadOnlySpan<float> logits) => model.Network.Outputs == 1
        ? (logits[0] > 0 ? 1 : 0)
        : System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits);

    private static double[] Probabilities(ReadOnlySpan<float> logits)
    {
        if (logits.Length == 1)
        {
            return [1 / (1 + Math.Exp(-logits[0]))];
        }

        var largest = System.Numerics.Tensors.TensorPrimitives.Max(logits);
        var shares = logits.ToArray().Select(logit => Math.Exp(logit - largest)).ToArray();
        var sum = shares.Sum();
        return [.. shares.Select(share => share / sum)];
    }
}
