using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Training.Comparison;

/// <summary>Accumulates the predictions of two networks. Not thread safe.</summary>
internal sealed class ComparisonStatistics(EvaluatedSplit about)
{
    private readonly EvaluationStatistics _a = new(about.Classes.Count);
    private readonly EvaluationStatistics _b = new(about.Classes.Count);
    private readonly List<Disagreement> _disagreements = [];
    private int _images;
    private int _bothRight;
    private int _onlyA;
    private int _onlyB;
    private int _agreed;
    private double _difference;

    public void Add(int index, int label, NetworkPrediction a, NetworkPrediction b)
    {
        _a.Add(index, label, a.Scores);
        _b.Add(index, label, b.Scores);
        _images++;
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
            _disagreements.Add(
                new(about.Images[index], about.Classes[label], about.Classes[a.Best], a.Probability(a.Best), about.Classes[b.Best],
                    b.Probability(b.Best)));
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
            _images - _bothRight - _onlyA - _onlyB,
            _agreed,
            _disagreements.Count,
            _difference / _images,
            McNemar.Statistic(_onlyA, _onlyB),
            McNemar.PValue(_onlyA, _onlyB),
            Sentence()),
        Speed = speed,
        Disagreements = [
            .. _disagreements.OrderByDescending(one => one.AProbability + one.BProbability).Take(VersionComparison.MaxDisagreements)],
    };

    private static string FormatPercent(double p) => p < 1e-4 ? "fewer than 0.01" : $"{100 * p:0.##}";

    private string Sentence()
    {
        var p = McNemar.PValue(_onlyA, _onlyB);
        var (better, count, other) = _onlyA >= _onlyB ? ("A", _onlyA, _onlyB) : ("B", _onlyB, _onlyA);
        return _onlyA == _onlyB
            ? $"Neither is better on these {_images} images: each alone is right on {_onlyA}."
            : p < McNemar.Level
                ? $"{better} is better: it alone is right on {count} images, the other alone on "
                    + $"{other}; chance would do that in {FormatPercent(p)} of 100 comparisons."
                : $"{better} alone is right on {count} images, the other alone on {other}: that may well be chance (p = {p:0.###}).";
    }
}
