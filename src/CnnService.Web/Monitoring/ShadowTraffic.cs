using CnnService.Core.Classification;
using CnnService.Core.Models;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Monitoring;

/// <summary>
/// Runs candidate versions on images that the served version has already classified. A single reader takes one image at a time from a
/// bounded queue; clients are neither delayed by it nor see its failures.
/// </summary>
internal sealed partial class ShadowTraffic(
    MonitoringSettings settings,
    ShadowStore store,
    ClassificationPipeline pipeline,
    IOptions<MonitoringOptions> options,
    ILogger<ShadowTraffic> logger) : BackgroundService
{
    private readonly ShadowStatistics _statistics = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ImageQueue<(ShadowRow Shadow, LoadedModel Candidate)> _queue = new(options.Value.QueueSize,
        (long)options.Value.QueueMebibytes << 20);

    /// <summary>Queues the image if the sampler selects it; never waits.</summary>
    public void Offer(ObservedImage image)
    {
        if (settings.ShadowOf(image.Model.Name) is not { } shadow || shadow.Candidate?.Version == image.Model.Version
            || !shadow.Sampler.Next())
        {
            return;
        }

        if (shadow.Candidate is not { } candidate)
        {
            _statistics.Failed(shadow.Row);
        }
        else if (!_queue.TryWrite((shadow.Row, candidate), image))
        {
            _statistics.Dropped(shadow.Row);
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
            await _statistics.FlushAsync(store);
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var ((shadow, candidate), image) in _queue.ReadAllAsync(stoppingToken))
        {
            try
            {
                await ClassifyAsync(shadow, candidate, image, stoppingToken);
            }
            // A failure of the candidate is counted; the next image follows.
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailed(failure, candidate.Name, candidate.Version);
                _statistics.Failed(shadow);
            }
        }
    }

    private async Task ClassifyAsync(ShadowRow shadow, LoadedModel candidate, ObservedImage image, CancellationToken stop)
    {
        var classified = await pipeline.ClassifyAsync(candidate, [image.File], new() { AllowTruncated = true, Top = 1 }, stop);
        var answer = classified.Bind(images => images[0].Answer);
        if (!answer.Succeeded)
        {
            _statistics.Failed(shadow);
            return;
        }

        var classes = candidate.Manifest.Classes;
        var own = answer.Value.Values;
        var same = classes.Index().FirstOrDefault(one => one.Item == image.Label, (Index: -1, Item: string.Empty)).Index;
        _statistics.Answered(shadow, new()
        {
            Model = shadow.Model,
            Served = image.Model.Version,
            Candidate = candidate.Version,
            ServedClass = image.Label,
            CandidateClass = classified.Value[0].Prediction.Value.Label,
            Count = 1,
            Difference = Math.Abs(image.Probabilities[image.Best] - (same < 0 ? 0 : own[same])),
        });
    }
}
