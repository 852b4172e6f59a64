using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Datasets;

/// <summary>Pictures for a data set that is there, one addition at a time, whichever process carries it out.</summary>
internal static class AddedPictures
{
    private const string LockFile = "additions.lock";

    /// <summary>
    /// Adds them. Problem codes: <c>dataset.not-found</c>, <c>dataset.not-ready</c>, <c>dataset.in-use</c>, <c>storage.full</c>, those of
    /// <see cref="IDatasetExtender.Add"/>.
    /// </summary>
    /// <param name="parts">What adding needs.</param>
    /// <param name="name">The data set.</param>
    /// <param name="to">Where in it.</param>
    /// <param name="pictures">Files with the names their sender gave them.</param>
    /// <param name="cancel">Stops it; the data set is then as it was.</param>
    public static async Task<Outcome<DatasetAdditionResource>> AddAsync(
        AdditionParts parts, string name, AdditionPlace to, IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> pictures, CancellationToken cancel)
    {
        var found = DiskRules.Refusal(parts.Folders, pictures.Sum(picture => picture.File.Length)) ?? (await parts.Datasets.WritableAsync(name, cancel)).Problem;
        if (found is not null)
        {
            return found;
        }

        var folder = parts.Folders.Dataset(name);
        var added = await parts.Slots.RunAsync(() => Locked(folder, () => parts.Extender.Add(folder, to.Split, to.Class, pictures, cancel)), cancel);
        if (added.Problem is { } failure)
        {
            return failure;
        }

        var row = await parts.Datasets.FindAsync(name, cancel);
        return row is null
            ? Problem.NotFound("dataset.not-found", $"There is no data set '{name}'.")
            : new DatasetAdditionResource([.. added.Value.Added.Select(image => ImageResource.Of(added.Value.Manifest, image))], added.Value.Rejected, DatasetResource.Of(row, added.Value.Manifest));
    }

    private static Outcome<DatasetAddition> Locked(string folder, Func<Outcome<DatasetAddition>> add)
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
            return Problem.Conflict("dataset.in-use", "Other pictures are being added to the data set; try again.");
        }

        using (held)
        {
            return add();
        }
    }
}

/// <summary>What adding needs.</summary>
internal sealed record AdditionParts(DatasetStore Datasets, IDatasetExtender Extender, DecodeSlots Slots, DataFolders Folders);

/// <summary>Where in a data set pictures go.</summary>
/// <param name="Split">The part.</param>
/// <param name="Class">A class, a new one too.</param>
internal sealed record AdditionPlace(Split Split, string Class)
{
    /// <summary>Null, and the errors told, where a field breaks its rule.</summary>
    public static AdditionPlace? Of(string? split, string? className, ValidationErrors errors)
    {
        var part = errors.ReadName<Split>(split, "split") ?? Split.Train;
        errors.Require(ResourceName.IsClass(className ?? string.Empty), "class", $"{ResourceName.ClassRule}, received \"{className}\"");
        return errors.Any ? null : new(part, className!);
    }
}

/// <summary>What became of added pictures.</summary>
/// <param name="Added">The new ones.</param>
/// <param name="Rejected">Those that were left out, and why.</param>
/// <param name="Dataset">As it is now.</param>
internal sealed record DatasetAdditionResource(IReadOnlyList<ImageResource> Added, IReadOnlyList<RejectedFile> Rejected, DatasetResource Dataset);
