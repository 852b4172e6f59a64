using System.Globalization;
using CnnService.Core.Datasets;

namespace CnnService.Web.Features.Datasets;

/// <summary>A revision of a data set.</summary>
/// <param name="Revision">Its number, from 1.</param>
/// <param name="Hash">SHA-256 of its file, hex.</param>
/// <param name="Change">What made it.</param>
/// <param name="Changed">Number of images that were imported, added, relabelled or removed.</param>
/// <param name="Images">Number of images it has.</param>
/// <param name="Classes">Number of classes it has.</param>
/// <param name="Bytes">Total size of its image files.</param>
/// <param name="CreatedAt">UTC.</param>
internal sealed record RevisionResource(
    int Revision, string Hash, RevisionChange Change, int Changed, int Images, int Classes, long Bytes, DateTimeOffset CreatedAt)
{
    public static RevisionResource From(DatasetManifest dataset) => new(
        dataset.Revision.Number, dataset.Revision.Hash, dataset.Revision.Change, dataset.Revision.Images, dataset.Images.Count,
        dataset.Classes.Count, dataset.Bytes, dataset.Revision.At);

    /// <summary>The cursor of the page after a revision: its number.</summary>
    public static string Cursor(DatasetManifest dataset) => dataset.Revision.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Null for text that is no cursor.</summary>
    public static int? Parse(string? cursor) =>
        int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>The result of changing an image.</summary>
/// <param name="Image">The image after the change.</param>
/// <param name="Dataset">The data set after the change.</param>
internal sealed record ChangedImageResource(ImageResource Image, DatasetResource Dataset);
