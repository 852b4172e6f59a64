namespace CnnService.Core.Classification.Bulk;

/// <summary>The columns of a table of predictions, whatever the file's format.</summary>
public static class PredictionColumns
{
    public const string Id = "id";

    /// <summary>The path that the image's source gave it.</summary>
    public const string File = "file";

    public const string Split = "split";

    public const string TrueClass = "trueClass";

    public const string Predicted = "predicted";

    /// <summary>Of the predicted class.</summary>
    public const string Probability = "probability";

    /// <summary>Empty where the network does not know the true class.</summary>
    public const string Correct = "correct";

    /// <summary>Classes up to which each has a column of its own.</summary>
    public const int MaxClasses = 1000;

    /// <summary>The classes that have one: all, or none.</summary>
    public static IReadOnlyList<string> Shown(IReadOnlyList<string> classes) => classes is { Count: <= MaxClasses } ? classes : [];

    /// <summary>The column of a class; no other column begins like it.</summary>
    public static string Name(string className) => "p_" + className;
}
