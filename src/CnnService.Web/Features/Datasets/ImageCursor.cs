using System.Globalization;
using CnnService.Core.Datasets;

namespace CnnService.Web.Features.Datasets;

/// <summary>
/// A place in the list of a data set's images. It names the revision too, so that the pages of one listing fit together although the data
/// set is changed meanwhile.
/// </summary>
/// <param name="Revision">Number of the revision.</param>
/// <param name="Position">Of the first image of the page, among those that the filters leave.</param>
internal readonly record struct ImageCursor(int Revision, int Position)
{
    private const char Separator = '.';

    /// <summary>Null for text that is no cursor.</summary>
    public static ImageCursor? Parse(string? text) =>
        text?.Split(Separator) is [var first, var second] && Number(first) is { } revision && Number(second) is { } position
            ? new(revision, position)
            : null;

    /// <summary>The data set as the request and its cursor name it: the revision of the cursor, where the request names none.</summary>
    public static string Dataset(string dataset, string? after) =>
        DatasetReference.Parse(dataset) is { Revision: null } newest && Parse(after) is { } cursor
            ? (newest with { Revision = cursor.Revision }).ToString()
            : dataset;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Revision}{Separator}{Position}");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
