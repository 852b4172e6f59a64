using CnnService.Core.Common;

namespace CnnService.Imaging.Import.Parquet;

/// <summary>Which columns of a Parquet file are the images and their labels.</summary>
/// <param name="Image">The bytes of the image files.</param>
/// <param name="Label">Whole numbers or texts, or lists of them.</param>
/// <param name="Names">Names of the classes by number; null where the labels are texts, or nothing names them.</param>
internal sealed record ParquetTable(ParquetColumn Image, ParquetColumn Label, IReadOnlyList<string>? Names)
{
    private const string BytesOf = ".bytes";

    private static readonly string[] ImageNames = ["image", "img", "images", "picture", "photo", "pixel", "bytes"];

    private static readonly string[] LabelNames =
        ["label", "labels", "class", "classname", "category", "target", "species", "breed", "y", "labeltext", "labelname"];

    /// <summary>Of columns of lists only.</summary>
    private static readonly string[] ListNames = ["tags", "classes", "categories"];

    /// <summary>Problem: <c>dataset.table-unreadable</c>, <c>dataset.layout-ambiguous</c> where several columns may be meant.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="footer">What it says of itself.</param>
    public static Outcome<ParquetTable> Choose(string path, ParquetFooter footer)
    {
        var features = ParquetFeatures.Parse(footer.Metadata.GetValueOrDefault(ParquetFeatures.Key));
        return FindImage(path, footer, features)
            .Bind(image => FindLabel(path, footer, features)
            .Map(label => new ParquetTable(
                image, label, label.Type == ParquetType.ByteArray ? null : features.Labels.GetValueOrDefault(label.Owner))));
    }

    private static Outcome<ParquetColumn> FindImage(string path, ParquetFooter footer, ParquetFeatures features)
    {
        ParquetColumn[] binary = [.. footer.Columns.Where(column => column is { Type: ParquetType.ByteArray, Repetitions: 0 })];
        string Owner(ParquetColumn column) =>
            column.Path.EndsWith(BytesOf, StringComparison.Ordinal) ? column.Path[..^BytesOf.Length] : column.Path;

        ParquetColumn[] declared = [.. binary.Where(column => features.Images.Contains(Owner(column)))];
        ParquetColumn[] structured = [.. binary.Where(column => column.Path.EndsWith(BytesOf, StringComparison.Ordinal))];
        ParquetColumn[] named = [.. binary.Where(column => ImageNames.Contains(Simplify(column.Path)))];
        return One(path, "image", footer, declared.Length > 0 ? declared : structured.Length > 0 ? structured : named,
            "a column of the bytes of image files, such as image.bytes");
    }

    private static Outcome<ParquetColumn> FindLabel(string path, ParquetFooter footer, ParquetFeatures features)
    {
        ParquetColumn[] fit = [.. footer.Columns.Where(column => column.Repetitions <= 1
            && column.Type is ParquetType.ByteArray or ParquetType.Int32 or ParquetType.Int64 or ParquetType.Boolean)];
        ParquetColumn[] declared = [.. fit.Where(column => features.Labels.ContainsKey(column.Owner))];
        ParquetColumn[] named = [.. fit.Where(IsNamed)];
        var found = declared.Length == 1 ? declared : named.Length > 0 ? named : declared;
        return One(path, "label", footer, found.Length > 1 && found.Count(IsLabel) == 1 ? [found.Single(IsLabel)] : found,
            "a column of labels, or of lists of labels, such as label");
    }

    private static bool IsNamed(ParquetColumn column) => LabelNames.Contains(Simplify(column.Owner))
        || (column.Repetitions > 0 && ListNames.Contains(Simplify(column.Owner)));

    private static bool IsLabel(ParquetColumn column) => column.Path == "label";

    private static Outcome<ParquetColumn> One(string path, string role, ParquetFooter footer, ParquetColumn[] found, string wanted) =>
        found.Length switch
        {
            1 => found[0],
            0 => Problem.Unprocessable("dataset.table-unreadable",
                $"The file '{ReceivedText.Text(path)}' must have {wanted}; its columns are {List(footer.Columns)}."),
            _ => Problem.Unprocessable("dataset.layout-ambiguous",
                $"The layout can be read in more than one way: in '{ReceivedText.Text(path)}' the {role} may be {List(found)}. Keep one of "
                + "them."),
        };

    private static string List(IReadOnlyCollection<ParquetColumn> columns)
    {
        const int Shown = 10;
        var names = string.Join(", ", columns.Take(Shown).Select(column => $"'{ReceivedText.Text(column.Path)}'"));
        return columns.Count == 0 ? "none" : columns.Count > Shown ? $"{names} and {columns.Count - Shown} more" : names;
    }

    private static string Simplify(string name) => string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
