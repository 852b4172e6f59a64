using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="IPlaces"/>
internal sealed class Places : IPlaces
{
    private readonly ServedModels _models;
    private readonly LoadedModel _model;
    private readonly Served _served;
    private readonly int _pictures;
    private readonly TimeProvider _time;
    private readonly bool _wasLoaded;
    private long _entered;
    private int _left;

    /// <summary>Takes over the use of the version and the places in it.</summary>
    public Places(ServedModels models, LoadedModel model, Served served, int pictures, TimeProvider time)
    {
        (_models, _model, _served, _pictures, _time) = (models, model, served, pictures, time);
        _entered = time.GetTimestamp();
        _wasLoaded = served.Batcher.IsCompleted;
        ClassifyMetrics.Waiting(pictures);
    }

    public BatchingPlan Plan => _served.Plan;

    public async ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(PixelBuffer picture, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(picture);
        RequireInputSize(picture);
        var loaded = await LoadedAsync(cancel);
        var answer = loaded.Problem is { } problem
            ? problem
            : await RunAsync(loaded.Value, new(1, null, [picture.Data]), [OnnxExporter.Probabilities], cancel);
        return answer.Bind<ClassProbabilities>(found =>
            new ClassProbabilities(Spread(found.Tensors[0].Values.Span), found.Queue, found.Inference, found.BatchSize, found.Device));
    }

    /// <summary>Its network, once it is loaded; the time to answer runs from then.</summary>
    public async ValueTask<Outcome<DynamicBatcher>> LoadedAsync(CancellationToken cancel)
    {
        var batcher = await _served.Batcher.WaitAsync(cancel);
        if (!_wasLoaded)
        {
            _entered = _time.GetTimestamp();
        }

        return batcher;
    }

    public ValueTask<Outcome<TensorAnswer>> RunAsync(DynamicBatcher batcher, TensorInput input, IReadOnlyList<string> outputs, CancellationToken cancel) =>
        batcher.RunAsync(input, outputs, Plan.DefaultTimeout - _time.GetElapsedTime(_entered), _served.Users, cancel);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            ClassifyMetrics.Waiting(-_pictures);
            _served.GiveBack(_pictures);
            _models.Leave(_model.Folder, _served);
        }
    }

    private void RequireInputSize(PixelBuffer picture)
    {
        var (height, width, channels) = _model.Network.Spec.Input;
        if ((picture.Height, picture.Width, picture.Channels) != (height, width, channels))
        {
            throw new ArgumentException(
                $"The picture must be {height}x{width}x{channels}, received {picture.Height}x{picture.Width}x{picture.Channels}.", nameof(picture));
        }
    }

    /// <summary>A single sigmoid output is the probability of class 1.</summary>
    private static float[] Spread(ReadOnlySpan<float> outputs) => outputs.Length == 1 ? TwoClasses.OfProbability(outputs[0]) : outputs.ToArray();
}
