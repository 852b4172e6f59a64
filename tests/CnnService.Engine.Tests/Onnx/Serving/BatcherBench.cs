using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Serving;

namespace CnnService.Engine.Tests.Onnx.Serving;

/// <summary>A batcher whose first picture waits in the network until the gate opens, so that others queue behind it.</summary>
internal sealed class BatcherBench : IAsyncDisposable
{
    private readonly TemporaryModel _model = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly GatedPicture _first;

    public BatcherBench(ServingOptions options)
    {
        var network = OnnxNetwork.Open(File.ReadAllBytes(_model.Model.OnnxPath), _model.Model.Manifest.Preprocessing, threads: 1).Value;
        Batcher = new(network, options, TimeProvider.System);
        _first = Picture(0, _gate.Wait);
    }

    public DynamicBatcher Batcher { get; }

    /// <summary>Sends the picture that holds the network; ends when it does.</summary>
    public async Task<Task<Outcome<ClassProbabilities>>> HoldAsync()
    {
        var held = SendAsync(_first);
        await _first.FirstRead;
        return held;
    }

    public void Open() => _gate.Set();

    public GatedPicture Picture(ulong seed, Action? onRead = null) => new(_model.Pixels(seed), onRead);

    public Task<Outcome<ClassProbabilities>> SendAsync(GatedPicture picture, CancellationToken cancel = default) =>
        Batcher.ClassifyAsync(picture.Pixels, cancel).AsTask();

    public Task<Outcome<ClassProbabilities>> SendAsync(ulong seed) => SendAsync(Picture(seed));

    public void AssertAnswers(ulong seed, Outcome<ClassProbabilities> answer) =>
        Near.Equal(_model.Naive.Probabilities(_model.Pixels(seed)), answer.Value.Values, 1e-5, $"picture {seed}");

    public async ValueTask DisposeAsync()
    {
        _gate.Set();
        await Batcher.DisposeAsync();
        _gate.Dispose();
        _model.Dispose();
    }
}
