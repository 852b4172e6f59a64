using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Imaging.Import;

/// <inheritdoc cref="IDatasetEditor"/>
internal sealed class DatasetEditor(IImageDecoder decoder, TimeProvider clock) : IDatasetEditor
{
    public Task<Outcome<DatasetAddition>> AddAsync(
        string folder, Split split, IReadOnlyList<string> labels, IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> images,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(images);
        return ChangeAsync(
            folder, before => Fitting(before, labels).Bind(fit => Add(folder, before, split, fit, images, cancel)), cancel);
    }

    public Task<Outcome<DatasetManifest>> RelabelAsync(
        string folder, string id, IReadOnlyList<string> labels, CancellationToken cancel) =>
        ChangeAsync(
            folder, before => Find(before, id).Bind(image => Fitting(before, labels).Bind(fit => Relabel(folder, before, image, fit))),
            cancel);

    public Task<Outcome<DatasetManifest>> RemoveAsync(string folder, string id, bool purge, CancellationToken cancel) =>
        ChangeAsync(folder, before => Find(before, id)
            .Check(_ => before.Images.Count > 1 ? null : Problem.Conflict("dataset.last-image",
                $"A data set keeps at least one image, and '{id}' is its last: delete the data set."))
            .Bind(image => Remove(folder, before, image, purge)), cancel);

    private Task<Outcome<T>> ChangeAsync<T>(string folder, Func<DatasetManifest, Outcome<T>> change, CancellationToken cancel) =>
        DatasetLock.TakeAsync(folder, clock, cancel)
            .BindAsync(held => Task.Run(() => Change(held, folder, change), CancellationToken.None)); // It has to let go of what it holds.

    private static Outcome<T> Change<T>(DatasetLock held, string folder, Func<DatasetManifest, Outcome<T>> change)
    {
        using (held)
        {
            try
            {
                UnfinishedChange.Settle(folder);
                return DatasetFolder.ReadManifest(folder).Bind(change);
            }
            catch (IOException failure) when (failure.IsDiskFull())
            {
                return new Problem(ProblemKind.StorageFull, "storage.full", "The disk is full: the data set was not changed.");
            }
        }
    }

    /// <summary>The labels, each once, where an image of the data set may have so many.</summary>
    private static Outcome<IReadOnlyList<string>> Fitting(DatasetManifest before, IReadOnlyList<string> labels)
    {
        var errors = new ValidationErrors();
        errors.Require(before.Task == DatasetTask.MultiLabel || labels.Count == 1, "labels",
            $"must name one class: the images of this data set have one label each, received {labels.Count}");
        return errors.Any
            ? Problem.Validation(errors)
            : Outcome.Success<IReadOnlyList<string>>([.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    private Outcome<DatasetManifest> Relabel(
        string folder, DatasetManifest before, DatasetImage image, IReadOnlyList<string> labels)
    {
        if (before.NamesOf(image.Label).SequenceEqual(labels, StringComparer.Ordinal))
        {
            return before;
        }

        var isLast = labels.Count == 0 && before.Images.All(other => other.Id == image.Id || before.ClassesOf(other.Label).Count == 0);
        return isLast
            ? Problem.Conflict("dataset.last-label", $"No other image of '{before.Name}' has a label: a data set keeps at least one class.")
            : new DatasetEdit
            {
                Change = RevisionChange.Relabelled,
                Relabelled = new Dictionary<string, IReadOnlyList<string>> { [image.Id] = labels },
            }.Apply(folder, before, isWhole: false, clock.GetUtcNow());
    }

    private static Outcome<DatasetImage> Find(DatasetManifest before, string id) => before.Images.Find(id) is { } image
        ? image
        : Problem.NotFound("image.not-found", $"The data set '{before.Name}' has no image '{id}'.");

    /// <summary>What only an image that goes has given to the statistics is taken out of them, so its file is decoded once more.</summary>
    private Outcome<DatasetManifest> Remove(string folder, DatasetManifest before, DatasetImage image, bool purge)
    {
        var moments = image.Split != Split.Train
            ? before.Moments
            : DatasetFolder.DecodeImage(folder, image, file => Decode(file, before.DecodeSide))
                .Map(pixels => before.Moments - ColorMoments.Compute(pixels.Data));
        return moments.Map(sums =>
        {
            var next = before.Revision.Number + 1;
            if (purge)
            {
                UnfinishedChange.Begin(folder, next);
            }

            var edit = new DatasetEdit { Change = RevisionChange.Removed, Removed = new HashSet<string> { image.Id }, Moments = sums };
            var after = edit.Apply(folder, before, isWhole: purge, clock.GetUtcNow());
            UnfinishedChange.Settle(folder);
            return after;
        });
    }

    private Outcome<DatasetAddition> Add(
        string folder, DatasetManifest before, Split split, IReadOnlyList<string> labels,
        IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> images, CancellationToken cancel)
    {
        UnfinishedChange.Begin(folder, purgeBelow: 0);
        var (taken, rejected) = Take(folder, before, images, cancel);
        if (taken.Count == 0)
        {
            UnfinishedChange.End(folder);
            return Problem.Unprocessable("dataset.no-images",
                $"None of the {images.Count} files is an image that can be read; the first, '{rejected[0].Path}': {rejected[0].Reason}");
        }

        var isGrey = before.Channels == 1 && taken.TrueForAll(image => image.Header.IsGrey);
        var after = new DatasetEdit
        {
            Change = RevisionChange.Added,
            Added = taken.ConvertAll(image => new PlacedImage(image.Entry, split, labels)),
            Channels = isGrey ? 1 : 3,
            Moments = split == Split.Train ? taken.Aggregate(before.Moments, (sum, image) => sum + image.Moments) : before.Moments,
        }.Apply(folder, before, isWhole: false, clock.GetUtcNow());
        UnfinishedChange.End(folder);
        return new DatasetAddition(after, [.. taken.Select(image => after.Images.Find(image.Id)!)], rejected);
    }

    private (List<ImportedImage> Taken, List<RejectedFile> Rejected) Take(
        string folder, DatasetManifest before, IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> images, CancellationToken cancel)
    {
        List<ImportedImage> taken = [];
        List<RejectedFile> rejected = [];
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, file) in images)
        {
            cancel.ThrowIfCancellationRequested();
            var header = decoder.ReadHeader(file);
            var pixels = header.Bind(_ => Decode(file, before.DecodeSide));
            if (pixels.Problem is { } unreadable)
            {
                rejected.Add(new(name, unreadable.Detail));
                continue;
            }

            var sha = Convert.ToHexStringLower(SHA256.HashData(file.Span));
            var path = Path.Combine(folder, DatasetFolder.ImagesFolder, sha);
            if (!File.Exists(path))
            {
                DurableFile.Write(path, file.Span);
            }

            taken.Add(new(taken.Count, name, NewId(sha, before, ids), sha, header.Value, null)
            {
                Bytes = file.Length,
                Moments = ColorMoments.Compute(pixels.Value.Data),
            });
        }

        return (taken, rejected);
    }

    private static string NewId(string sha, DatasetManifest before, HashSet<string> taken)
    {
        var id = ImageId.Create(sha, 0);
        for (var again = 1; before.Images.IndexOf(id) >= 0 || !taken.Add(id); again++)
        {
            id = ImageId.Create(sha, again);
        }

        return id;
    }

    private Outcome<PixelBuffer> Decode(ReadOnlyMemory<byte> file, int side) =>
        decoder.Decode(file, DecodeTarget.Original with { Width = side, Height = side });
}
