namespace CnnService.Core.Training.Evaluation;

/// <summary>Maps the outputs of networks with different class orders, or additional classes, to one common list of classes.</summary>
/// <param name="classes">The network's classes, in the order of its outputs; for a single output, those of its 0 and 1.</param>
/// <param name="common">The common list, which contains all of them.</param>
internal sealed class ClassAlignment(IReadOnlyList<string> classes, IReadOnlyList<string> common)
{
    private readonly int[] _indices = [.. classes.Select(name => IndexOf(common, name))];
    private readonly int _count = common.Count;

    /// <summary>The data set's classes in their order, so that labels keep their meaning, then the networks' other classes.</summary>
    public static IReadOnlyList<string> Common(IReadOnlyList<string> dataset, params ReadOnlySpan<IReadOnlyList<string>> networks)
    {
        IEnumerable<string> all = dataset;
        foreach (var network in networks)
        {
            all = all.Concat(network);
        }

        return [.. all.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Scores whose softmax is the network's probabilities; negative infinity for classes it does not know.</summary>
    /// <param name="logits">One (class 1 against class 0), or one per class.</param>
    public float[] Scores(ReadOnlySpan<float> logits)
    {
        ReadOnlySpan<float> own = logits.Length == 1 ? [0, logits[0]] : logits;
        if (own.Length != _indices.Length)
        {
            throw new InvalidOperationException($"The network must give {_indices.Length} outputs, one a class, received {own.Length}.");
        }

        var scores = new float[_count];
        Array.Fill(scores, float.NegativeInfinity);
        for (var i = 0; i < own.Length; i++)
        {
            scores[_indices[i]] = own[i];
        }

        return scores;
    }

    private static int IndexOf(IReadOnlyList<string> common, string name)
    {
        var place = 0;
        while (common[place] != name)
        {
            place++;
        }

        return place;
    }
}
