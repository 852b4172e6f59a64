namespace CnnService.Core.Datasets.Revisions;

/// <summary>What makes a further revision of a data set.</summary>
public sealed record DatasetEdit
{
    public required RevisionChange Change { get; init; }

    /// <summary>New images; their files are there already.</summary>
    public IReadOnlyList<PlacedImage> Added { get; init; } = [];

    /// <summary>Ids of images that are removed.</summary>
    public IReadOnlySet<string> Removed { get; init; } = new HashSet<string>();

    /// <summary>The new labels of images, by id: one each, or any number where the data set's images have any.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Relabelled { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Channels of the result, 1 or 3; null: as before.</summary>
    public int? Channels { get; init; }

    /// <summary>The sums over the training images of the result; null: as before.</summary>
    public ColorMoments? Moments { get; init; }

    /// <summary>
    /// Writes the further revision; the caller holds the <see cref="DatasetLock"/>, and images remain. Takes time and memory in proportion
    /// to the number of images, disk space in proportion to the changes.
    /// </summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="before">Its newest revision, as read from the folder.</param>
    /// <param name="isWhole">Whether the file must not refer to that of an earlier revision.</param>
    /// <param name="now">Time of the change.</param>
    public DatasetManifest Apply(string folder, DatasetManifest before, bool isWhole, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        var stored = (StoredImages)before.Images;
        var (placed, rows) = (new List<PlacedImage>(), new List<int>());
        foreach (var (position, image) in stored.Index())
        {
            if (!Removed.Contains(image.Id))
            {
                var isChanged = Relabelled.TryGetValue(image.Id, out var labels);
                placed.Add(new(image, image.Split, isChanged ? labels! : before.NamesOf(image.Label)));
                rows.Add(isChanged ? -1 : stored.BaseRow(position));
            }
        }

        foreach (var image in Added)
        {
            placed.Add(image);
            rows.Add(-1);
        }

        var (dataset, order) = RevisionBuilder.Build(before, placed);
        var next = (dataset with
        {
            Channels = Channels ?? before.Channels,
            Revision = new(before.Revision.Number + 1, Change, Added.Count + Removed.Count + Relabelled.Count, now),
        }).WithStatistics(Moments ?? before.Moments);
        return DatasetFolder.Publish(folder, next, isWhole ? null : new(stored.Base, [.. order.Select(i => rows[i])]));
    }
}
