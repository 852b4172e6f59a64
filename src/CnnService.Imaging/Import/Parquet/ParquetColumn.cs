using System.Text.RegularExpressions;

namespace CnnService.Imaging.Import.Parquet;

/// <summary>A column of values.</summary>
/// <param name="Path">Names from the root, with dots between: <c>image.bytes</c>.</param>
/// <param name="Type">Physical type.</param>
/// <param name="Definitions">Definition level of a value that is there; lower levels mean null.</param>
/// <param name="Repetitions">How many levels of lists a row's values lie in; 0: a row has one value.</param>
/// <param name="ElementDefinitions">
/// Of a column in lists, the definition level from which an innermost list has an element, which may be null; one less is an empty list.
/// </param>
internal sealed partial record ParquetColumn(string Path, ParquetType Type, int Definitions, int Repetitions, int ElementDefinitions)
{
    /// <summary>The path without what the ways of writing a list put behind it: <c>labels</c> of <c>labels.list.element</c>.</summary>
    public string Owner => Repetitions > 0 ? ListSuffix().Replace(Path, string.Empty) : Path;

    [GeneratedRegex(@"\.(list|bag)\.(element|item|array|array_element)\z|\.array\z", RegexOptions.CultureInvariant)]
    private static partial Regex ListSuffix();
}
