using System.Text.Json;
using CnnService.Core.Common;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Artifacts.Uploads;

/// <summary>
/// Uploads in pieces: a folder each, with the bytes and a description. What has arrived is flushed before it is acknowledged, so that a
/// sender can go on after a break, a restart or a power loss. Thread safe, across processes too.
/// </summary>
internal sealed class UploadStore(DataFolders folders, IOptions<UploadOptions> options, TimeProvider clock)
{
    private const string DescriptionFile = "upload.json";
    private const string DataFile = "data";
    private const int BufferBytes = 1 << 17;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    /// <summary>Time without use after which an upload is deleted.</summary>
    public TimeSpan Lifetime => options.Value.Lifetime;

    private string Root => Path.Combine(folders.Uploads, "pieces");

    /// <summary>Begins an upload. Problems: <c>upload.too-many</c>, <c>storage.full</c>.</summary>
    /// <param name="name">Name of the file; null where it is not known.</param>
    /// <param name="size">Size of the whole file, already held to its limit.</param>
    public Outcome<Upload> Create(string? name, long size)
    {
        Sweep();
        var open = All().ToList();
        if (open.Count >= options.Value.MaxOpen)
        {
            return new Problem(ProblemKind.TooMany, "upload.too-many",
                $"At most {options.Value.MaxOpen} uploads may be open ({UploadOptions.Section}:{nameof(UploadOptions.MaxOpen)}); import or "
                + "delete one.")
            { RetryAfter = RetryAfter };
        }

        // Space for what the open uploads still lack, for this one, and for the images imported of it.
        if (DiskSpaceCheck.Check(folders, open.Sum(other => other.Size - other.Offset) + (2 * size)) is { } full)
        {
            return full;
        }

        var now = clock.GetUtcNow();
        var upload = new Upload(Guid.NewGuid().ToString("N"), name, size, 0, now, now);
        Directory.CreateDirectory(FolderOf(upload.Id));
        using (File.Create(DataOf(upload.Id)))
        {
            Describe(upload);
        }

        return upload;
    }

    /// <summary>Problem: <c>upload.not-found</c>.</summary>
    public Outcome<Upload> Find(string id) => Read(id) is { } upload ? upload : NotFound(id);

    /// <summary>
    /// Appends a piece; what has arrived of one that breaks off stays. Problems: <c>upload.not-found</c>, <c>upload.in-use</c>,
    /// <c>upload.offset</c> where it does not begin at the upload's end, <c>upload.too-long</c> where it goes beyond the size that was
    /// said.
    /// </summary>
    /// <param name="id">The upload.</param>
    /// <param name="offset">Where the piece begins in the file, bytes.</param>
    /// <param name="length">Its length; null where the sender does not say.</param>
    /// <param name="piece">Its bytes.</param>
    /// <param name="cancel">Cancelled when the sender is gone.</param>
    public Task<Outcome<Upload>> AppendAsync(string id, long offset, long? length, Stream piece, CancellationToken cancel) =>
        HoldAsync(id, upload =>
            upload.Offset != offset
                ? Task.FromResult<Outcome<Upload>>(Problem.Conflict("upload.offset",
                    $"A piece must begin where the upload ends, at {upload.Offset}; received Upload-Offset {offset}.") with
                {
                    Data = new Dictionary<string, object?> { ["offset"] = upload.Offset },
                })
            : length > upload.Size - offset ? Task.FromResult<Outcome<Upload>>(TooLong(upload))
            : WriteAsync(upload, piece, cancel), cancel);

    /// <summary>
    /// Runs what reads a complete upload's file. Problems: <c>upload.not-found</c>, <c>upload.in-use</c>, <c>upload.incomplete</c>, and the
    /// work's own.
    /// </summary>
    public Task<Outcome<T>> ReadAsync<T>(string id, Func<string, Task<Outcome<T>>> work, CancellationToken cancel) =>
        HoldAsync(id, async upload =>
        {
            if (!upload.IsComplete)
            {
                return Incomplete(upload);
            }

            Describe(upload with { UpdatedAt = clock.GetUtcNow() });
            return await work(DataOf(id));
        }, cancel);

    /// <summary>
    /// Gives a complete upload's file away under a new path; takes it back where the work fails. Problems as of <see cref="ReadAsync"/>.
    /// </summary>
    public Task<Outcome<T>> TakeAsync<T>(string id, Func<string, Task<Outcome<T>>> work, CancellationToken cancel) =>
        HoldAsync(id, async upload =>
        {
            if (!upload.IsComplete)
            {
                return Incomplete(upload);
            }

            var path = Path.Combine(folders.Uploads, Guid.NewGuid().ToString("N"));
            File.SetLastWriteTimeUtc(DataOf(id), clock.GetUtcNow().UtcDateTime); // Else recovery may take it for one that was left behind.
            File.Move(DataOf(id), path);
            var isTaken = false;
            try
            {
                var outcome = await work(path);
                isTaken = outcome.Succeeded;
                return outcome;
            }
            finally
            {
                if (isTaken)
                {
                    Directory.Delete(FolderOf(id), recursive: true);
                }
                else
                {
                    File.Move(path, DataOf(id));
                }
            }
        }, cancel);

    /// <summary>Problems: <c>upload.not-found</c>, <c>upload.in-use</c>.</summary>
    public Task<Outcome<Unit>> DeleteAsync(string id, CancellationToken cancel) => HoldAsync<Unit>(id, _ =>
    {
        Directory.Delete(FolderOf(id), recursive: true);
        return Task.FromResult<Outcome<Unit>>(default(Unit));
    }, cancel);

    /// <summary>Deletes the uploads that nobody has gone on with; one that is in use is left.</summary>
    public void Sweep()
    {
        var before = clock.GetUtcNow() - Lifetime;
        foreach (var id in Ids().ToList())
        {
            var isOld = Read(id) is { } upload ? upload.UpdatedAt < before
                : Directory.GetCreationTimeUtc(FolderOf(id)) < before.UtcDateTime; // Died before it was described.
            if (isOld && UploadHold.Take(FolderOf(id)) is { Succeeded: true, Value: { } hold })
            {
                using (hold)
                {
                    Directory.Delete(FolderOf(id), recursive: true);
                }
            }
        }
    }

    private async Task<Outcome<Upload>> WriteAsync(Upload upload, Stream piece, CancellationToken cancel)
    {
        var file = new FileStream(DataOf(upload.Id), FileMode.Open, FileAccess.Write, FileShare.Read, BufferBytes, useAsync: true);
        await using (file)
        {
            file.Position = upload.Offset;
            var (left, isTooLong) = (upload.Size - upload.Offset, false);
            try
            {
                var buffer = new byte[BufferBytes];
                int read;
                while (!isTooLong && (read = await piece.ReadAsync(buffer, cancel)) > 0)
                {
                    isTooLong = read > left;
                    await file.WriteAsync(buffer.AsMemory(0, (int)Math.Min(read, left)), CancellationToken.None);
                    left -= Math.Min(read, left);
                }
            }
            finally
            {
                if (isTooLong)
                {
                    file.SetLength(upload.Offset);
                }

                DurableFile.Flush(file); // Also of a piece that broke off: it is told as arrived.
                Describe(upload with { UpdatedAt = clock.GetUtcNow() });
            }

            return isTooLong ? TooLong(upload) : upload with { Offset = upload.Size - left, UpdatedAt = clock.GetUtcNow() };
        }
    }

    private async Task<Outcome<T>> HoldAsync<T>(string id, Func<Upload, Task<Outcome<T>>> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (Read(id) is null)
        {
            return NotFound(id);
        }

        var taken = UploadHold.Take(FolderOf(id));
        if (taken.Problem is { } busy)
        {
            return busy;
        }

        using (taken.Value)
        {
            return Read(id) is { } upload ? await work(upload) : NotFound(id); // Read again: another may have added to it, or taken it.
        }
    }

    private IEnumerable<Upload> All() => Ids().Select(Read).OfType<Upload>();

    private IEnumerable<string> Ids() => Directory.Exists(Root)
        ? Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)) : [];

    private Upload? Read(string id)
    {
        if (!Guid.TryParseExact(id, "N", out _))
        {
            return null;
        }

        try
        {
            var described = JsonSerializer.Deserialize<Upload>(
                RegularFile.ReadAllBytes(Path.Combine(FolderOf(id), DescriptionFile)), CoreJson.Options);
            return described! with { Offset = new FileInfo(DataOf(id)).Length };
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Describe(Upload upload) => DurableFile.Write(
        Path.Combine(FolderOf(upload.Id), DescriptionFile), JsonSerializer.SerializeToUtf8Bytes(upload, CoreJson.Options));

    private string FolderOf(string id) => Path.Combine(Root, id);

    private string DataOf(string id) => Path.Combine(FolderOf(id), DataFile);

    private static Problem TooLong(Upload upload) => new(ProblemKind.TooLarge, "upload.too-long",
        $"The upload was said to have {upload.Size} bytes, of which {upload.Offset} have arrived; the piece goes beyond them.");

    private static Problem Incomplete(Upload upload) => Problem.Conflict("upload.incomplete",
        $"The upload must be complete; {upload.Offset} of {upload.Size} bytes have arrived.");

    private static Problem NotFound(string id) => Problem.NotFound("upload.not-found",
        $"There is no upload '{ReceivedText.Text(id)}': it was never begun, is imported already, or was not gone on with for too long.");
}
