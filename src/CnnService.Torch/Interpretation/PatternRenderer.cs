using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Torch.Training;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// <see cref="IPatternRenderer"/> with libtorch. Two tiles are rendered at a time, whatever the number of requests; a long grid yields to
/// others between its tiles. Owns the most recently used networks. Thread safe.
/// </summary>
/// <param name="slots">Bound how much is rendered at a time.</param>
/// <param name="logger">Logs failures that no caller awaits; null for no logging.</param>
internal sealed class PatternRenderer(RenderingSlots slots, ILogger<PatternRenderer>? logger = null) : IPatternRenderer, IDisposable
{
    private const long MaxNoiseBytes = 1 << 20;

    private readonly LeasedPool<(string Folder, string WeightsHash, bool OnGpu), LoadedNetwork> _networks = new(
        new() { MaxCount = RenderingSlots.Count }, network => network.Dispose());

    /// <summary>
    /// The largest activation of each filter over noise images, by response key and size; shared by all tiles of a layer.
    /// </summary>
    private readonly CoalescingCache<string, float[]> _noise = new(
        new("noise answers") { MaxBytes = MaxNoiseBytes }, values => values.Length * sizeof(float), logger);

    /// <inheritdoc/>
    public int MaxConcurrency => RenderingSlots.Count;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The job's layer has no such filter.</exception>
    public async Task<Outcome<IReadOnlyList<PatternTile>>> RenderAsync(PatternJob job, int filter, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentOutOfRangeException.ThrowIfNegative(filter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(filter, job.Layer.OutputShape.Channels);
        var response = new FilterResponse(job);
        var noise = await _noise.GetOrComputeAsync(
            $"{job.ResponseKey} {job.Size}",
            ended => WithNetworkAsync(job, network => NoiseImages.Largest(network, job, response, ended), ended),
            cancel);
        return await noise.BindAsync(largest => WithNetworkAsync(
            job,
            network =>
            {
                using var painter = new TilePainter(network, job, response, largest);
                return painter.Paint(filter, cancel);
            },
            cancel));
    }

    /// <inheritdoc/>
    public Outcome<IReadOnlyList<float[]>> Respond(PatternJob job, IReadOnlyList<PixelBuffer> images, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(images);
        var response = new FilterResponse(job);
        return slots.Run(() => CatchShortage(job, () => Acquire(job)), cancel).Bind(lease =>
        {
            using (lease)
            {
                return slots.RunAll(
                    images, image => CatchShortage(job, () => Outcome.Success(Respond(lease.Value, response, image))), cancel);
            }
        });
    }

    public void Dispose()
    {
        _noise.Dispose();
        _networks.Dispose();
    }

    /// <summary>
    /// Runs the work in a slot. The lease lasts as long as the work, so that a cancelled caller does not release a network in use.
    /// </summary>
    private Task<Outcome<T>> WithNetworkAsync<T>(PatternJob job, Func<LoadedNetwork, T> work, CancellationToken cancel) => slots.RunAsync(
        () => CatchShortage(job, () => Acquire(job).Map(lease =>
        {
            using (lease)
            {
                return work(lease.Value);
            }
        })),
        cancel);

    /// <summary>What the GPU has no memory for, the processor can do; there a lack of memory is the host's.</summary>
    private static Outcome<T> CatchShortage<T>(PatternJob job, Func<Outcome<T>> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (job.Request.OnGpu && NativeFailures.IsOutOfMemory(failure))
        {
            return new Problem(ProblemKind.Unavailable, IDrawingDevice.OutOfMemory,
                "The GPU's memory does not suffice for this pattern; asked for again, it is drawn on the processor.")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }
    }

    private Outcome<LeasedPool<(string Folder, string WeightsHash, bool OnGpu), LoadedNetwork>.Lease> Acquire(PatternJob job) =>
        _networks.Acquire(
            (job.Model.Folder, job.Model.WeightsHash, job.Request.OnGpu),
            () => slots.DeviceFor(job.Request.OnGpu).Bind(device => LoadedNetwork.Load(job.Model, device)));

    private static float[] Respond(LoadedNetwork network, FilterResponse response, PixelBuffer image)
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(image.Data, [1, image.Height, image.Width, image.Channels], device: network.Device);
        return response.Means(network, bytes).cpu().contiguous().data<float>().ToArray();
    }
}
