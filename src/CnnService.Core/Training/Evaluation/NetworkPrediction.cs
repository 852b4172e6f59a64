namespace CnnService.Core.Training.Evaluation;

/// <summary>A network's prediction for one image.</summary>
internal readonly struct NetworkPrediction
{
    private readonly float[] _scores;
    private readonly double _norm;

    /// <param name="scores">Logits over the common classes; negative infinity for classes the network does not know.</param>
    public NetworkPrediction(float[] scores)
    {
        _scores = scores;
        for (var i = 1; i < scores.Length; i++)
        {
            Best = scores[i] > scores[Best] ? i : Best;
        }

        var largest = (double)scores[Best];
        _norm = largest + Math.Log(scores.Sum(score => Math.Exp(score - largest)));
    }

    public ReadOnlySpan<float> Scores => _scores;

    /// <summary>The most probable class, the first of equal ones.</summary>
    public int Best { get; }

    /// <summary>The softmax probability of a class, 0–1.</summary>
    public double Probability(int label) => Math.Exp(_scores[label] - _norm);
}
