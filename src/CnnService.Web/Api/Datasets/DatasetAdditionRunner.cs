using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Datasets;

/// <summary>Adds images to an existing data set, one addition at a time across all processes (lock file).</summary>
internal static class DatasetAdditionRunner
{
    private const string LockFile = "additions.lock";

    /// <summary>
    /// Adds images. Problems: <c>dataset.not-found</c>, <c>dataset.not-ready</c>, <c>dataset.in-use</c>, <c>storage.full</c> and those of
    /// <see cref="IDatasetExtender.Add"/>.
    /// </summary>
    /// <param name="services">The services needed.</param>
    /// <param name="name">The data set's name.</param>
    /// <param name="to">Split and class of the images.</param>
    /// <param name="images">Image files with the names given by the client.</param>
    /// <param name="cancel">Cancels the addition and leaves the data set unchanged.</param>
    public static async Task<Outcome<DatasetAdditionResource>> AddAsync(
        AdditionServices services, string name, AdditionTarget to, IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> images,
        CancellationToken cancel)
    {
        var found = DiskSpaceCheck.Check(services.Folders, images.Sum(image => image.File.Length))
            ?? (await services.Datasets.CheckWritableAsync(name, cancel)).Problem;
        if (found is not null)
        {
            return found;
        }

        var folder = services.Folders.Dataset(name);
        var added = await services.Slots.RunAsync(
            () => WithLock(folder, () => services.Extender.Add(folder, to.Split, to.Class, images, cancel)),
            cancel);
        if (added.Problem is { } failure)
        {
            return failure;
        }

        var row = await services.Datasets.FindAsync(name, cancel);
        return row is null
            ? Problem.NotFound("dataset.not-found", $"There is no data set '{name}'.")
            : new DatasetAdditionResource([.. added.Value.Added.Select(image => ImageResource.From(added.Value.Manifest, image))],
                added.Value.Rejected, DatasetResource.From(row, added.Value.Manifest));
    }

    private static Outcome<DatasetAddition> WithLock(string folder, Func<Outcome<DatasetAddition>> add)
    {
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException)
        {
            return Problem.NotFound("dataset.not-found", "The data set is gone.");
        }
        catch (IOException failure) when (!failure.IsDiskFull())
        {
            return Problem.Conflict("dataset.in-use", "Other images are being added to the data set; try again.");
        }

        using (held)
        {
            return add();
        }
    }
}

/// <summary>The services needed for adding images.</summary>
internal sealed record AdditionServices(DatasetStore Datasets, IDatasetExtender Extender, DecodeSlots Slots, DataFolders Folders);

/// <summary>The split and the class that images are added to.</summary>
/// <param name="Split">The split.</param>
/// <param name="Class">The class's name; one that does not exist yet is created.</param>
internal sealed record AdditionTarget(Split Split, string Class)
{
    /// <summary>Null if a field is invalid; the errors are then added.</summary>
    public static AdditionTarget? Parse(string? split, string? className, ValidationErrors errors)
    {
        var part = errors.ReadName<Split>(split, "split") ?? Split.Train;
        return errors.Require(ResourceName.IsClass(className ?? string.Empty), "class",
            $"{ResourceName.ClassRule}, received \"{className}\"") && !errors.Any ? new(part, className!) : null;
    }
}

/// <summary>The result of adding images.</summary>
/// <param name="Added">Images that were added.</param>
/// <param name="Rejected">Files that were rejected, with the reasons.</param>
/// <param name="Dataset">The data set after the addition.</param>
internal sealed record DatasetAdditionResource(
    IReadOnlyList<ImageResource> Added, IReadOnlyList<RejectedFile> Rejected, DatasetResource Dataset);
