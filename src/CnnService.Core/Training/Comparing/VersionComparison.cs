using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluating;

namespace CnnService.Core.Training.Comparing;

/// <summary>Judges two networks by the same labelled pictures, picture by picture.</summary>
/// <param name="time">Of the speed trial.</param>
public sealed class VersionComparison(TimeProvider time)
{
    /// <summary>Disagreements kept at most.</summary>
    public const int MostDisagreements = 1000;

    private const int BatchSize = 16;

    /// <summary>The classes of a data set that a network cannot name; a comparison needs that there are none.</summary>
    public static IReadOnlyList<string> Unknown(IReadOnlyList<string> dataset, IReadOnlyList<string> network) => [.. dataset.Except(network, StringComparer.Ordinal)];

    /// <summary>Runs both over all pictures, then times them.</summary>
    /// <param name="a">Knows each class of the data set, and perhaps more.</param>
    /// <param name="b">As <paramref name="a"/>; the same pictures in the same order.</param>
    /// <param name="about">What the pictures are called.</param>
    /// <param name="progress">Told how many pictures are judged.</param>
    /// <param name="cancel">Checked between batches.</param>
    public ComparisonResult Run(ComparedNetwork a, ComparedNetwork b, JudgedSplit about, IProgress<int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(about);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Pictures.Count, a.Pictures.Count);
        var common = about with { Classes = ClassAlignment.Common(about.Classes, a.Classes, b.Classes) };
        var tally = new ComparisonTally(common);
        var (alignA, alignB) = (new ClassAlignment(a.Classes, common.Classes), new ClassAlignment(b.Classes, common.Classes));
        foreach (var part in Enumerable.Range(0, a.Pictures.Count).Chunk(BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            var answers = Ask(a, alignA, part).Zip(Ask(b, alignB, part));
            foreach (var ((answerA, answerB), index) in answers.Zip(part))
            {
                tally.Add(index, a.Pictures.Label(index), answerA, answerB);
            }

            progress.Report(part[^1] + 1);
        }

        return tally.Result(new SpeedTrial(time).Run(a, b, cancel));
    }

    private static Answer[] Ask(ComparedNetwork network, ClassAlignment alignment, int[] part)
    {
        var logits = network.Runner.Logits(network.Pictures.Gather(part));
        var outputs = logits.Length / part.Length;
        return [.. Enumerable.Range(0, part.Length).Select(i => new Answer(alignment.Scores(logits.AsSpan(i * outputs, outputs))))];
    }
}
