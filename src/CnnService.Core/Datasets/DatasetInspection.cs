namespace CnnService.Core.Datasets;

/// <summary>What an import would give.</summary>
/// <param name="Name">Name of the data set.</param>
/// <param name="Layout">What the labels were read from.</param>
/// <param name="Task">How many labels an image has.</param>
/// <param name="Splits">Number of images in each split; validation images are drawn where the source has none.</param>
/// <param name="Classes">In label order.</param>
/// <param name="Channels">1 if every image is grey, otherwise 3.</param>
/// <param name="Notes">Sentences on what was decided.</param>
/// <param name="Rejected">The first files that would be left out, with the reasons.</param>
/// <param name="RejectedCount">Number of all files that would be left out.</param>
public sealed record DatasetInspection(
    string Name, LayoutKind Layout, DatasetTask Task, SplitCounts Splits, IReadOnlyList<InspectedClass> Classes, int Channels,
    IReadOnlyList<string> Notes, IReadOnlyList<RejectedFile> Rejected, int RejectedCount)
{
    /// <summary>Most rejected files that are listed.</summary>
    public const int MaxRejected = 1000;

    private const int Examples = 5;

    /// <summary>The inspection of a source whose manifest was built without decoding its images.</summary>
    public static DatasetInspection From(DatasetManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var byClass = manifest.Images.SelectMany(image => manifest.ClassesOf(image.Label).Select(one => (Class: one, Image: image)))
            .ToLookup(pair => pair.Class, pair => pair.Image);
        return new(
            manifest.Name, manifest.Layout.Kind, manifest.Task, SplitCounts.Count(manifest.Images),
            [.. manifest.Classes.Select((name, label) => new InspectedClass(
                name, SplitCounts.Count(byClass[label]),
                [.. byClass[label].Select(image => image.Source).Order(StringComparer.Ordinal).Take(Examples)]))],
            manifest.Channels, manifest.Notes, [.. manifest.Rejected.Take(MaxRejected)], manifest.Rejected.Count);
    }
}
