using CnnService.Core.Training.Evaluating;

namespace CnnService.Core.Training.Comparing;

/// <summary>Accumulates the predictions of two networks. Not thread safe.</summary>
internal sealed class ComparisonTally(JudgedSplit about)
{
    private readonly EvaluationTally _a = new(about.Classes.Count);
    private readonly EvaluationTally _b = new(about.Classes.Count);
    private readonly List<Disagreement> _disagreements = [];
    private int _pictures;
    private int _bothRight;
    private int _onlyA;
    private int _onlyB;
    private int _agreed;
    private double _difference;

    public void Add(int index, int label, Answer a, Answer b)
    {
        _a.Add(index, label, a.Scores);
        _b.Add(index, label, b.Scores);
        _pictures++;
        var (isA, isB) = (a.Best == label, b.Best == label);
        _bothRight += isA && isB ? 1 : 0;
        _onlyA += isA && !isB ? 1 : 0;
        _onlyB += isB && !isA ? 1 : 0;
        _difference += Math.Abs(a.Probability(a.Best) - b.Probability(a.Best));
        if (a.Best == b.Best)
        {
            _agreed++;
        }
        else
        {
            _disagreements.Add(new(about.Images[index], about.Classes[label], about.Classes[a.Best], a.Probability(a.Best), about.Classes[b.Best], b.Probability(b.Best)));
        }
    }

    public ComparisonResult Result(IReadOnlyList<SpeedFigures> speed) => new()
    {
        A = _a.Result(about),
        B = _b.Result(about),
        Agreement = new(
            _bothRight,
            _onlyA,
            _onlyB,
            _pictures - _bothRight - _onlyA - _onlyB,
            _agreed,
            _disagreements.Count,
            _difference / _pictures,
            McNemar.Statistic(_onlyA, _onlyB),
            McNemar.PValue(_onlyA, _onlyB),
            Sentence()),
        Speed = speed,
        Disagreements = [.. _disagreements.OrderByDescending(one => one.AProbability + one.BProbability).Take(VersionComparison.MostDisagreements)],
    };

    private static string Often(double p) => p < 1e-4 ? "fewer than 0.01" : FormattableString.Invariant($"{100 * p:0.##}");

    private string Sentence()
    {
        var p = McNemar.PValue(_onlyA, _onlyB);
        var (better, count, other) = _onlyA >= _onlyB ? ("A", _onlyA, _onlyB) : ("B", _onlyB, _onlyA);
        return _onlyA == _onlyB
            ? FormattableString.Invariant($"Neither is better on these {_pictures} pictures: each alone is right on {_onlyA}.")
            : p < McNemar.Level
                ? FormattableString.Invariant($"{better} is better: it alone is right on {count} pictures, the other alone on {other}; chance would do that in {Often(p)} of 100 comparisons.")
                : FormattableString.Invariant($"{better} alone is right on {count} pictures, the other alone on {other}: that may well be chance (p = {p:0.###}).");
    }
}
