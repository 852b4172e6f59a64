namespace CnnService.Core.Training.Comparing;

/// <summary>Puts the outputs of networks that list their classes in different orders, or know further ones, under one list of classes.</summary>
/// <param name="classes">The network's, in the order of its outputs; with one output those of its 0 and its 1.</param>
/// <param name="common">The list that all are put under; holds them all.</param>
internal sealed class ClassAlignment(IReadOnlyList<string> classes, IReadOnlyList<string> common)
{
    private readonly int[] _places = [.. classes.Select(name => Place(common, name))];
    private readonly int _count = common.Count;

    /// <summary>The data set's classes in their order, so that labels keep their meaning, then what the networks know besides.</summary>
    public static IReadOnlyList<string> Common(IReadOnlyList<string> dataset, params ReadOnlySpan<IReadOnlyList<string>> networks)
    {
        IEnumerable<string> all = dataset;
        foreach (var network in networks)
        {
            all = all.Concat(network);
        }

        return [.. all.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Scores whose softmax are the network's probabilities; classes that it does not know are impossible.</summary>
    /// <param name="logits">One, of class 1 against class 0, or one a class.</param>
    public float[] Scores(ReadOnlySpan<float> logits)
    {
        ReadOnlySpan<float> own = logits.Length == 1 ? [0, logits[0]] : logits;
        if (own.Length != _places.Length)
        {
            throw new InvalidOperationException($"The network must give {_places.Length} outputs, one a class, received {own.Length}.");
        }

        var scores = new float[_count];
        Array.Fill(scores, float.NegativeInfinity);
        for (var i = 0; i < own.Length; i++)
        {
            scores[_places[i]] = own[i];
        }

        return scores;
    }

    private static int Place(IReadOnlyList<string> common, string name)
    {
        var place = 0;
        while (common[place] != name)
        {
            place++;
        }

        return place;
    }
}
