using CnnService.Core.Common;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Chooses the penalty of a classifier: by its loss on images that it was not fitted to, or, where there are too few of those, by five-fold
/// cross-validation on the training images.
/// </summary>
internal static class StrengthSelection
{
    /// <summary>Fewer images than these choose nothing.</summary>
    public const int MinImages = 20;

    private const int Folds = 5;

    /// <summary>Worse penalties in a row after which smaller ones are not tried.</summary>
    private const int Patience = 3;

    /// <summary>From strong to weak, three a decade.</summary>
    public static IReadOnlyList<double> Penalties { get; } =
        [.. Enumerable.Range(0, 16).Select(i => Math.Round(3 * Math.Pow(10, -i / 3.0), 6))];

    /// <summary>The best penalty and the classifier fitted with it to all training rows.</summary>
    /// <param name="task">The training rows.</param>
    /// <param name="judges">Rows to choose on; too few: they are not used.</param>
    /// <param name="cancel">Checked at each iteration.</param>
    public static ChosenClassifier Choose(FittingTask task, FeatureTable judges, CancellationToken cancel)
    {
        if (judges.Count >= MinImages)
        {
            return Best(task, (classifier, _) => classifier.Judge(judges).Loss, cancel);
        }

        var losses = CrossValidate(task, cancel);
        return Best(task, (_, index) => index < losses.Length ? losses[index] : double.PositiveInfinity, cancel);
    }

    private static ChosenClassifier Best(FittingTask task, Func<LinearClassifier, int, double> judge, CancellationToken cancel)
    {
        var regression = new LogisticRegression(task.Table, task.Classes, task.ClassWeights);
        var (best, lowest, worse) = ((ChosenClassifier?)null, double.PositiveInfinity, 0);
        for (var i = 0; i < Penalties.Count && worse < Patience; i++)
        {
            var classifier = regression.Fit(Penalties[i], cancel);
            var loss = judge(classifier, i);
            (best, lowest, worse) = best is null || loss < lowest ? (new(classifier, Penalties[i]), loss, 0) : (best, lowest, worse + 1);
        }

        return best!;
    }

    /// <summary>The mean loss of each penalty over the folds; all views of an image lie in one.</summary>
    private static double[] CrossValidate(FittingTask task, CancellationToken cancel)
    {
        var images = task.Table.Count / task.Views;
        var order = Enumerable.Range(0, images).ToArray();
        new CounterRandom(0x464F4C4453, (ulong)images).Shuffle(order.AsSpan());
        var losses = new double[Penalties.Count];
        for (var fold = 0; fold < Folds; fold++)
        {
            var held = order.Where((_, place) => place % Folds == fold).ToHashSet();
            var rows = Enumerable.Range(0, task.Table.Count).ToLookup(row => held.Contains(row % images));
            var regression = new LogisticRegression(task.Table.Select([.. rows[false]]), task.Classes, task.ClassWeights);
            var judges = task.Table.Select([.. rows[true].Where(row => row < images)]);
            for (var i = 0; i < Penalties.Count; i++)
            {
                losses[i] += judges.Count == 0 ? 0 : regression.Fit(Penalties[i], cancel).Judge(judges).Loss;
            }
        }

        return losses;
    }
}

/// <param name="Table">The rows of view 0 of all images, then those of view 1, and so on.</param>
/// <param name="Views">Number of views.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="ClassWeights">Weight of each class in the loss; null: all equal.</param>
internal sealed record FittingTask(FeatureTable Table, int Views, int Classes, IReadOnlyList<double>? ClassWeights);

/// <param name="Classifier">Fitted to all training rows.</param>
/// <param name="Penalty">The penalty it was fitted with.</param>
internal sealed record ChosenClassifier(LinearClassifier Classifier, double Penalty);
