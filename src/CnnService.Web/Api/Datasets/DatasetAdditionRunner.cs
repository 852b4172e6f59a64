using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Datasets;

/// <summary>Adds images to an existing data set.</summary>
internal static class DatasetAdditionRunner
{
    /// <summary>
    /// Adds images. Problems: <c>dataset.not-found</c>, <c>dataset.not-ready</c>, <c>storage.full</c> and those of
    /// <see cref="IDatasetEditor.AddAsync"/>.
    /// </summary>
    /// <param name="services">The services needed.</param>
    /// <param name="name">The data set's name.</param>
    /// <param name="to">Split and labels of the images.</param>
    /// <param name="images">Image files with the names given by the client.</param>
    /// <param name="cancel">Cancels the addition and leaves the data set unchanged.</param>
    public static async Task<Outcome<DatasetAdditionResource>> AddAsync(
        AdditionServices services, string name, AdditionTarget to, IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> images,
        CancellationToken cancel)
    {
        if (DiskSpaceCheck.Check(services.Folders, images.Sum(image => image.File.Length)) is { } full)
        {
            return full;
        }

        return await services.Datasets.FindReadyAsync(name, cancel)
            .BindAsync(row => services.Files.ChangeAsync(
                row, folder => services.Editor.AddAsync(folder, to.Split, to.Labels, images, cancel), cancel))
            .BindAsync(added => DescribeAsync(services.Datasets, name, added, cancel));
    }

    private static async Task<Outcome<DatasetAdditionResource>> DescribeAsync(
        DatasetStore datasets, string name, DatasetAddition added, CancellationToken cancel) =>
        await datasets.FindAsync(name, cancel) is { } row
            ? new DatasetAdditionResource(
                [.. added.Added.Select(image => ImageResource.From(added.Manifest, image))], added.Rejected,
                DatasetResource.From(row, added.Manifest))
            : await datasets.NotFoundAsync(name, cancel);
}

/// <summary>The services needed for adding images.</summary>
internal sealed record AdditionServices(DatasetStore Datasets, DatasetFiles Files, IDatasetEditor Editor, DataFolders Folders);

/// <summary>The split and the labels that images are added with.</summary>
/// <param name="Split">The split.</param>
/// <param name="Labels">Names of classes; one that does not exist yet is created.</param>
internal sealed record AdditionTarget(Split Split, IReadOnlyList<string> Labels)
{
    /// <summary>Null if a field is invalid; the errors are then added.</summary>
    public static AdditionTarget? Parse(string? split, string[] classes, ValidationErrors errors)
    {
        var part = errors.ReadName<Split>(split, "split") ?? Split.Train;
        var broken = classes.Length == 0 ? string.Empty : Array.Find(classes, name => !ResourceName.IsClass(name));
        return errors.Require(broken is null, "class", $"{ResourceName.ClassRule}, received \"{broken}\"") && !errors.Any
            ? new(part, classes) : null;
    }
}

/// <summary>The result of adding images.</summary>
/// <param name="Added">Images that were added.</param>
/// <param name="Rejected">Files that were rejected, with the reasons.</param>
/// <param name="Dataset">The data set after the addition.</param>
internal sealed record DatasetAdditionResource(
    IReadOnlyList<ImageResource> Added, IReadOnlyList<RejectedFile> Rejected, DatasetResource Dataset);
