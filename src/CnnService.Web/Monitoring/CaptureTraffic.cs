using System.Buffers.Binary;
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
/// Counts the predictions of models with capture enabled, and stores a sample of the images. The hash of an image's content decides, so
/// that the same image is always stored or never. A single reader consumes a bounded queue, as in <see cref="ShadowTraffic"/>.
/// </summary>
internal sealed partial class CaptureTraffic(
    MonitoringSettings settings, CaptureStore store, IImageDecoder decoder, DataFolders folders, IOptions<MonitoringOptions> options,
    TimeProvider clock, ILogger<CaptureTraffic> logger)
    : BackgroundService
{
    private const int MaxClasses = 5;
    private const int IdLength = 24;

    private readonly PredictionCounts _counts = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ImageQueue<CaptureRow> _queue = new(options.Value.QueueSize, (long)options.Value.QueueMebibytes << 20);

    /// <summary>Counts the image and queues it for sampling if there is room; never waits.</summary>
    public void Offer(ObservedImage image)
    {
        if (settings.CaptureOf(image.Model.Name) is not { } capture)
        {
            return;
        }

        _counts.Answered(image, clock.GetUtcNow());
        if (capture.Share > 0 && !_queue.TryWrite(capture, image))
        {
            _counts.Dropped(capture.Model);
        }
    }

    /// <summary>
    /// Stores the counts. All that was counted before the call is stored when it returns, even if another flush is in progress.
    /// </summary>
    public async Task FlushAsync()
    {
        await _writing.WaitAsync();
        try
        {
            await _counts.FlushAsync(store);
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

    /// <summary>Deletes the files of captured images.</summary>
    public void DeleteFiles(string model, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            File.Delete(Path.Combine(folders.CapturedOf(model), id));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (capture, image) in _queue.ReadAllAsync(stoppingToken))
        {
            try
            {
                await KeepAsync(capture, image);
            }
            catch (Exception failure) when (failure is StoreUnavailableException or IOException or UnauthorizedAccessException)
            {
                LogNotKept(capture.Model, failure.Message);
                _counts.Dropped(capture.Model);
            }
        }
    }

    private async Task KeepAsync(CaptureRow capture, ObservedImage image)
    {
        if (settings.CaptureOf(capture.Model) is null)
        {
            return; // Capture ended while the image was queued.
        }

        var hash = SHA256.HashData(image.File.Span);
        var header = decoder.ReadHeader(image.File);
        if (!IsSampled(hash, capture.Share) || !header.Succeeded || image.File.Length > capture.MaxBytes
            || DiskSpaceCheck.Check(folders, image.File.Length) is not null)
        {
            return;
        }

        // File first: a row without its file would be visible; a file without its row is used when the image comes again.
        var row = Row(capture.Model, image, hash, header.Value.MediaType);
        var path = Path.Combine(Directory.CreateDirectory(folders.CapturedOf(capture.Model)).FullName, row.Id);
        if (!File.Exists(path))
        {
            DurableFile.Write(path, image.File.Span);
        }

        if (await store.AddAsync(row))
        {
            DeleteFiles(capture.Model, await store.TrimAsync(capture.Model, capture.MaxImages, capture.MaxBytes));
        }
    }

    private static bool IsSampled(byte[] hash, double share) =>
        share >= 1 || BinaryPrimitives.ReadUInt64BigEndian(hash) < share * Math.Pow(2, 64);

    private CapturedRow Row(string model, ObservedImage image, byte[] hash, string mediaType)
    {
        var top = TopK.Select(image.Probabilities, image.Model.Manifest.Classes, MaxClasses);
        return new()
        {
            Model = model,
            Id = $"{Convert.ToHexStringLower(hash)[..IdLength]}-{image.Model.Version}",
            Version = image.Model.Version,
            Label = top.Label,
            Probability = top.Probability,
            Uncertainty = Uncertainty.Compute(image.Probabilities),
            Top = JsonSerializer.Serialize(top.Top, CoreJson.Options),
            MediaType = mediaType,
            Bytes = image.File.Length,
            CapturedAt = clock.GetUtcNow(),
        };
    }
}
