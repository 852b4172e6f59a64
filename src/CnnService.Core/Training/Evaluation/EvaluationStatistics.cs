using System.Numerics.Tensors;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Evaluation;

/// <summary>Accumulates a network's predictions. Not thread safe.</summary>
/// <param name="classes">Number of classes.</param>
/// <param name="temperature">Number that the logits are divided by.</param>
internal sealed class EvaluationStatistics(int classes, double temperature = 1)
{
    private readonly int[] _support = new int[classes];
    private readonly int[] _predicted = new int[classes];
    private readonly int[] _hits = new int[classes];
    private readonly int[][] _confusion = classes > NetworkEvaluation.MaxConfusion
        ? []
        : [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
    private readonly long[][] _tenths = [.. Enumerable.Range(0, classes).Select(_ => new long[PredictionProfile.Bins])];
    private readonly List<Misclassification> _misses = [];
    private double _loss;

    /// <param name="index">The image's index in its source.</param>
    /// <param name="label">Its true label.</param>
    /// <param name="logits">One (class 1 against class 0), or one per class.</param>
    public void Add(int index, int label, ReadOnlySpan<float> logits)
    {
        // A sigmoid of z is the softmax of (0, z).
        Span<float> scores = logits.Length == 1 ? [0, logits[0]] : [.. logits];
        TensorPrimitives.Divide(scores, (float)temperature, scores);
        if (scores.Length != classes)
        {
            throw new InvalidOperationException($"The network must give {classes} outputs, one a class, received {scores.Length}.");
        }

        var best = ArgMax.Find<float>(scores);
        var norm = LogSumExp(scores, scores[best]);
        _loss += norm - scores[label];
        _support[label]++;
        _predicted[best]++;
        _tenths[best][PredictionProfile.Bin(Math.Exp(scores[best] - norm))]++;
        if (_confusion.Length > 0)
        {
            _confusion[label][best]++;
        }

        if (best == label)
        {
            _hits[label]++;
        }
        else
        {
            _misses.Add(new(index, label, best, Math.Exp(scores[best] - norm), Math.Exp(scores[label] - norm)));
        }
    }

    public SplitEvaluation Result(EvaluatedSplit about)
    {
        var images = _support.Sum();
        var surest = _misses.OrderByDescending(miss => miss.Probability).ThenBy(miss => miss.Index).ToArray();
        return new()
        {
            Split = about.Split,
            Images = images,
            Loss = _loss / images,
            Accuracy = (double)_hits.Sum() / images,
            Classes = [.. about.Classes.Select(Figures)],
            Confusion = _confusion,
            Tenths = _tenths,
            Mistakes = [.. surest.Take(NetworkEvaluation.MaxMistakes).Select(Named)],
            MistakesByCell = [.. ConfusionCell.SelectMostConfident(surest, miss => (miss.Label, miss.Best)).Select(Named)],
        };

        Mistake Named(Misclassification miss) => new(
            about.Images[miss.Index], about.Classes[miss.Label], about.Classes[miss.Best], miss.Probability, miss.TrueProbability);
    }

    private ClassFigures Figures(string name, int label) => new(
        name,
        Finite.OrNull((double)_hits[label] / _predicted[label]),
        Finite.OrNull((double)_hits[label] / _support[label]),
        Finite.OrNull(2.0 * _hits[label] / (_support[label] + _predicted[label])),
        _support[label],
        _predicted[label]);

    private static double LogSumExp(ReadOnlySpan<float> scores, double largest)
    {
        var sum = 0.0;
        foreach (var score in scores)
        {
            sum += Math.Exp(score - largest);
        }

        return largest + Math.Log(sum);
    }

    private readonly record struct Misclassification(int Index, int Label, int Best, double Probability, double TrueProbability);
}
