using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;

namespace CnnService.Engine.Tests.Onnx.Serving;

/// <summary>A batcher whose first image waits in the network until the gate opens, so that others queue behind it.</summary>
internal sealed class BatcherBench : IAsyncDisposable
{
    private readonly TemporaryModel _model = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly GatedImage _first;

    /// <param name="options">How requests are joined.</param>
    /// <param name="time">The batcher's clock; by default the machine's.</param>
    public BatcherBench(ServingOptions options, TimeProvider? time = null)
    {
        Plan = BatchingPlan.For("some", null, options, ServingDevice.Cpu);
        Statistics = new(TimeProvider.System);
        Batcher = new(Network(), options.Instances is null && options.Threads > 1 ? Network() : null, Plan, Statistics,
            time ?? TimeProvider.System);
        _first = Image(0, _gate.Wait);
    }

    public DynamicBatcher Batcher { get; }

    public BatchingPlan Plan { get; }

    public ServingStatistics Statistics { get; }

    /// <summary>Sends the image that holds the network; ends when it does.</summary>
    public async Task<Task<Outcome<TensorAnswer>>> HoldAsync()
    {
        var held = SendAsync(_first);
        await _first.FirstRead;
        return held;
    }

    public void Open() => _gate.Set();

    /// <summary>Blocks until the gate is open.</summary>
    public void Wait() => _gate.Wait();

    public GatedImage Image(ulong seed, Action? onRead = null) => new(_model.Pixels(seed), onRead);

    public Task<Outcome<TensorAnswer>> SendAsync(GatedImage image, CancellationToken cancel = default) =>
        SendAsync(new TensorInput(1, null, [image.Pixels]), cancel);

    public Task<Outcome<TensorAnswer>> SendAsync(ulong seed) => SendAsync(Image(seed));

    public Task<Outcome<TensorAnswer>> SendAsync(TensorInput input, CancellationToken cancel = default, params string[] outputs) =>
        SendAsync(input, callers: 1, cancel, outputs);

    public Task<Outcome<TensorAnswer>> SendAsync(
        TensorInput input, int callers, CancellationToken cancel = default, params string[] outputs) =>
        Batcher.RunAsync(input, outputs is [] ? [OnnxExporter.Probabilities] : outputs, Plan.DefaultTimeout, callers, cancel).AsTask();

    /// <summary>Images of consecutive seeds as one request.</summary>
    public TensorInput Images(ulong first, int count, IDisposable? owner = null) =>
        new(count, null, [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)_model.Pixels(first + (ulong)i))], owner);

    public void AssertAnswers(ulong seed, Outcome<TensorAnswer> answer) => AssertAnswers([seed], answer);

    public void AssertAnswers(ulong[] seeds, Outcome<TensorAnswer> answer)
    {
        var tensor = Assert.Single(answer.Value.Tensors);
        Assert.Equal(seeds.Length, tensor.Shape[0]);
        Near.Equal([.. seeds.SelectMany(seed => _model.Naive.Probabilities(_model.Pixels(seed)))], tensor.Values.ToArray(), 1e-5,
            $"images {string.Join(", ", seeds)}");
    }

    private OnnxNetwork Network() =>
        OnnxNetwork.Open(File.ReadAllBytes(_model.Model.OnnxPath), _model.Model.Manifest.Preprocessing, threads: 1).Value;

    public async ValueTask DisposeAsync()
    {
        _gate.Set();
        await Batcher.DisposeAsync();
        _gate.Dispose();
        _model.Dispose();
    }
}
