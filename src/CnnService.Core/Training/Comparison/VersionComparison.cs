using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Training.Comparison;

/// <summary>Evaluates two networks on the same labelled images.</summary>
/// <param name="time">Time source of the speed measurement.</param>
public sealed class VersionComparison(TimeProvider time)
{
    /// <summary>Maximum number of disagreements listed.</summary>
    public const int MaxDisagreements = 1000;

    private const int BatchSize = 16;

    /// <summary>The data set's classes that a network does not know; must be empty for a comparison.</summary>
    public static IReadOnlyList<string> UnknownClasses(IReadOnlyList<string> dataset, IReadOnlyList<string> network) =>
        [.. dataset.Except(network, StringComparer.Ordinal)];

    /// <summary>Runs both networks on all images, then measures their speed.</summary>
    /// <param name="a">Knows every class of the data set, possibly more.</param>
    /// <param name="b">As <paramref name="a"/>, with the same images in the same order.</param>
    /// <param name="about">Classes and ids of the images.</param>
    /// <param name="progress">Receives the number of images evaluated.</param>
    /// <param name="cancel">Checked between batches.</param>
    public ComparisonResult Run(
        ComparedNetwork a, ComparedNetwork b, EvaluatedSplit about, IProgress<int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(about);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Images.Count, a.Images.Count);
        var common = about with { Classes = ClassAlignment.Common(about.Classes, a.Classes, b.Classes) };
        var tally = new ComparisonStatistics(common);
        var (alignA, alignB) = (new ClassAlignment(a.Classes, common.Classes), new ClassAlignment(b.Classes, common.Classes));
        foreach (var part in Enumerable.Range(0, a.Images.Count).Chunk(BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            var answers = Predict(a, alignA, part).Zip(Predict(b, alignB, part));
            foreach (var ((answerA, answerB), index) in answers.Zip(part))
            {
                tally.Add(index, a.Images.Label(index), answerA, answerB);
            }

            progress.Report(part[^1] + 1);
        }

        return tally.Result(new SpeedBenchmark(time).Run(a, b, cancel));
    }

    private static NetworkPrediction[] Predict(ComparedNetwork network, ClassAlignment alignment, int[] part)
    {
        var logits = network.Runner.Logits(network.Images.Gather(part));
        var outputs = logits.Length / part.Length;
        return [.. Enumerable.Range(0, part.Length)
            .Select(i => new NetworkPrediction(alignment.Scores(logits.AsSpan(i * outputs, outputs))))];
    }
}
