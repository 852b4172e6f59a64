using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>Problems of layouts: what was seen, and what would decide.</summary>
internal static class LayoutProblems
{
    public const string AmbiguousCode = "dataset.layout-ambiguous";

    private const int Shown = 5;

    private const string Expected =
        "Expected: a folder per class (cats/1.jpg, dogs/1.jpg), optionally below train, validation and test; or labels in the file names "
        + "(cat.1.jpg); or a table (labels.csv with file_name and label).";

    /// <summary>Two readings are possible.</summary>
    public static Problem Ambiguous(string seen, string remedy) =>
        Problem.Unprocessable(AmbiguousCode, $"The layout can be read in more than one way: {seen} {remedy}");

    /// <summary>An image has several labels in a form that is read for one only.</summary>
    public static Problem SeveralLabels(string where, IEnumerable<string> labels) => Problem.Unprocessable("dataset.several-labels",
        $"An image must have one label here; {where} has {List(labels)}. Keep one of them, leave the image out, or send a table "
        + "metadata.jsonl whose 'labels' are lists.");

    /// <summary>No reading makes sense.</summary>
    public static Problem Senseless(string seen) =>
        Problem.Unprocessable("dataset.no-classes", $"No class names were found: {seen} {Expected}");

    /// <summary>Names in quotation marks, the first five and how many more.</summary>
    public static string List(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(name => $"'{ReceivedText.Text(name)}'")];
        return all.Length <= Shown ? string.Join(", ", all) : $"{string.Join(", ", all[..Shown])} and {all.Length - Shown} more";
    }

    /// <summary>"1 image", "7 images".</summary>
    public static string Images(int count) => count == 1 ? "1 image" : $"{count} images";
}
