using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="IQueueReservation"/>
internal sealed class QueueReservation : IQueueReservation
{
    private readonly LeasedPool<string, ModelInstance>.Lease _lease;
    private readonly ModelInstance _instance;
    private readonly int _images;
    private readonly TimeProvider _time;
    private readonly ServingStatistics _statistics;
    private readonly long _entered;
    private readonly CancellationTokenSource _over;
    private readonly Lock _gate = new();
    private bool _isDisposed; // Guarded by _gate.

    /// <summary>Takes ownership of the lease and of the queue places already reserved.</summary>
    public QueueReservation(
        LeasedPool<string, ModelInstance>.Lease lease, int images, ServingStatistics statistics, TimeProvider time)
    {
        (_lease, _instance, _images, _statistics, _time) = (lease, lease.Value, images, statistics, time);
        _entered = time.GetTimestamp();
        var isOpening = _instance.IsOpening;
        _over = new(isOpening ? Timeout.InfiniteTimeSpan : Plan.DefaultTimeout, time);
        Over = _over.Token;
        _instance.Enter();
        ClassifyMetrics.Waiting(images);
        if (isOpening)
        {
            _ = BeginLimitAsync();
        }
    }

    public BatchingPlan Plan => _instance.Plan;

    public CancellationToken Over { get; }

    private TimeSpan Taken => _time.GetElapsedTime(Math.Max(_entered, _instance.OpenedAt));

    public async ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(PixelBuffer image, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(image);
        RequireInputSize(image);
        var opened = await OpenedAsync(cancel);
        var answer = await opened.BindAsync(
            batcher => RunAsync(batcher, new(1, null, [image.Data]), OutputsOf(batcher.Network), cancel).AsTask());
        return answer.Map(found =>
            new ClassProbabilities(Spread(found.Tensors[0].Values.Span), found.Queue, found.Inference, found.BatchSize, found.Device)
            {
                Familiarity = found.Tensors.Count > 1 ? found.Tensors[1].Values.Span[0] : null,
            });
    }

    /// <summary>The batcher once the sessions are open. If they had to be opened first, the time limit runs from then.</summary>
    public async ValueTask<Outcome<DynamicBatcher>> OpenedAsync(CancellationToken cancel) => await _instance.Opening.WaitAsync(cancel);

    public ValueTask<Outcome<TensorAnswer>> RunAsync(
        DynamicBatcher batcher, TensorInput input, IReadOnlyList<string> outputs, CancellationToken cancel) =>
        batcher.RunAsync(input, outputs, Plan.DefaultTimeout - Taken, _instance.Callers, cancel);

    public Problem RecordTimeout() => AnswerTimeout.Record(Plan, _statistics, Taken);

    /// <summary>
    /// Discards a version that could not be opened, so that the next request loads it again: its file may have been repaired.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _over.Dispose();
        }

        ClassifyMetrics.Waiting(-_images);
        _instance.ReleasePlaces(_images);
        _instance.Leave();
        if (_instance.HasFailed)
        {
            _lease.Discard();
        }
        else
        {
            _lease.Dispose();
        }
    }

    /// <summary>The time of a caller who came while the sessions were being opened begins when they are.</summary>
    private async Task BeginLimitAsync()
    {
        await ((Task)_instance.Opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Its failure is the caller's answer.
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _over.CancelAfter(Plan.DefaultTimeout);
            }
        }
    }

    private static string[] OutputsOf(OnnxNetwork network) => network.Outputs.Contains(OnnxExporter.Familiarity)
        ? [OnnxExporter.Probabilities, OnnxExporter.Familiarity]
        : [OnnxExporter.Probabilities];

    private void RequireInputSize(PixelBuffer image)
    {
        var (height, width, channels) = _instance.Model.Network.Spec.Input;
        if ((image.Height, image.Width, image.Channels) != (height, width, channels))
        {
            throw new ArgumentException(
                $"The image must be {height}x{width}x{channels}, received {image.Height}x{image.Width}x{image.Channels}.", nameof(image));
        }
    }

    /// <summary>Expands a single sigmoid output, the probability of class 1, to both classes.</summary>
    private static float[] Spread(ReadOnlySpan<float> outputs) =>
        outputs.Length == 1 ? SigmoidProbabilities.FromProbability(outputs[0]) : outputs.ToArray();
}
