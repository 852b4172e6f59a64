namespace CnnService.Core.Classification.Bulk;

/// <summary>Columns of a table of predictions, common to all file formats.</summary>
public static class PredictionColumns
{
    public const string Id = "id";

    /// <summary>Path of the image in its source.</summary>
    public const string File = "file";

    public const string Split = "split";

    public const string TrueClass = "trueClass";

    public const string Predicted = "predicted";

    /// <summary>Probability of the predicted class.</summary>
    public const string Probability = "probability";

    /// <summary>Whether the prediction is right; empty if the model does not know the true class.</summary>
    public const string Correct = "correct";

    /// <summary>Whether the version knows the image; only where it can tell, behind the other columns.</summary>
    public const string Known = "known";

    /// <summary>How familiar the image is, 0–1; behind <see cref="Known"/>.</summary>
    public const string Familiarity = "familiarity";

    /// <summary>Up to this number of classes each has a probability column.</summary>
    public const int MaxClasses = 1000;

    /// <summary>The classes with a probability column: all or none.</summary>
    public static IReadOnlyList<string> WithProbability(IReadOnlyList<string> classes) =>
        classes is { Count: <= MaxClasses } ? classes : [];

    /// <summary>Name of a class's probability column. The prefix keeps it apart from the other columns.</summary>
    public static string Name(string className) => "p_" + className;
}
