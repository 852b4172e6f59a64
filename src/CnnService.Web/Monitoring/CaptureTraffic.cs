using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Monitoring;

/// <summary>
/// Counts the predictions of models that are watched, and keeps a share of the pictures: the picture's content decides which, so that
/// the same picture is always kept or never. One reader of a bounded queue, as with <see cref="ShadowTraffic"/>.
/// </summary>
internal sealed partial class CaptureTraffic(
    WatchSettings settings, CaptureStore store, IImageDecoder decoder, DataFolders folders, IOptions<WatchOptions> options, TimeProvider clock, ILogger<CaptureTraffic> logger)
    : BackgroundService
{
    private const int ClassesKept = 5;
    private const int IdLetters = 24;

    private readonly ServedTally _tally = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly PictureQueue<CaptureRow> _queue = new(options.Value.QueueSize, (long)options.Value.QueueMebibytes << 20);

    /// <summary>Counts the picture and, where there is room, has it looked at; never waits.</summary>
    public void Offer(ServedPicture picture)
    {
        if (settings.CaptureOf(picture.Model.Name) is not { } capture)
        {
            return;
        }

        _tally.Answered(picture, clock.GetUtcNow());
        if (capture.Share > 0 && !_queue.TryWrite(capture, picture))
        {
            _tally.Dropped(capture.Model);
        }
    }

    /// <summary>Writes what was counted so far; all of it is written when this returns, whoever else is writing.</summary>
    public async Task FlushAsync()
    {
        await _writing.WaitAsync();
        try
        {
            await _tally.FlushAsync(store);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    /// <summary>Deletes the files of pictures that are kept no longer.</summary>
    public void DeleteFiles(string model, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            File.Delete(Path.Combine(folders.CapturedOf(model), id));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (capture, picture) in _queue.ReadAllAsync(stoppingToken))
        {
            try
            {
                await KeepAsync(capture, picture);
            }
            catch (Exception failure) when (failure is StoreUnavailableException or IOException or UnauthorizedAccessException)
            {
                LogNotKept(capture.Model, failure.Message);
                _tally.Dropped(capture.Model);
            }
        }
    }

    private async Task KeepAsync(CaptureRow capture, ServedPicture picture)
    {
        if (settings.CaptureOf(capture.Model) is null)
        {
            return; // Ended while the picture waited.
        }

        var hash = SHA256.HashData(picture.File.Span);
        var header = decoder.ReadHeader(picture.File);
        if (!IsPicked(hash, capture.Share) || !header.Succeeded || picture.File.Length > capture.MaxBytes || DiskRules.Refusal(folders, picture.File.Length) is not null)
        {
            return;
        }

        // File first: a row without its picture would be seen, a picture without its row is written over when it comes again.
        var row = Row(capture.Model, picture, hash, header.Value.MediaType);
        var path = Path.Combine(Directory.CreateDirectory(folders.CapturedOf(capture.Model)).FullName, row.Id);
        if (!File.Exists(path))
        {
            DurableFile.Write(path, picture.File.Span);
        }

        if (await store.AddAsync(row))
        {
            DeleteFiles(capture.Model, await store.TrimAsync(capture.Model, capture.MaxPictures, capture.MaxBytes));
        }
    }

    private static bool IsPicked(byte[] hash, double share) => share >= 1 || BinaryPrimitives.ReadUInt64BigEndian(hash) < share * Math.Pow(2, 64);

    private CapturedRow Row(string model, ServedPicture picture, byte[] hash, string mediaType)
    {
        var top = TopK.Of(picture.Probabilities, picture.Model.Manifest.Classes, ClassesKept);
        return new()
        {
            Model = model,
            Id = string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(hash)[..IdLetters]}-{picture.Model.Version}"),
            Version = picture.Model.Version,
            Label = top.Label,
            Probability = top.Probability,
            Uncertainty = Uncertainty.Of(picture.Probabilities),
            Top = JsonSerializer.Serialize(top.Top, CoreJson.Options),
            MediaType = mediaType,
            Bytes = picture.File.Length,
            CapturedAt = clock.GetUtcNow(),
        };
    }

    [LoggerMessage(LogLevel.Warning, "A picture of model {Model} could not be kept: {Reason}")]
    private partial void LogNotKept(string model, string reason);
}
