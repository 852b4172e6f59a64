using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Export;

namespace CnnService.Engine.Tests.Onnx.Serving;

public sealed class TensorRunnerTests : IAsyncDisposable
{
    private readonly TemporaryModel _model = new();
    private readonly ServingBench _bench = new(new() { MaxBatchSize = 4 });

    [Fact]
    public async Task Run_OfMoreThanABatch_GoesInPiecesAndComesBackInOrder()
    {
        ulong[] seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        var answer = (await RunAsync(Images(seeds), [OnnxExporter.Logits])).Value;

        var tensor = Assert.Single(answer.Tensors);
        Assert.Equal(10, tensor.Shape[0]);
        Assert.InRange(answer.BatchSize, 1, 4);
        Near.Equal([.. seeds.SelectMany(seed => _model.Naive.Logits(_model.Pixels(seed)))], tensor.Values.ToArray(), 1e-5, "logits");
    }

    [Fact]
    public async Task Run_WithALayerBesideAnOutput_GivesBothInTheOrderAskedFor()
    {
        var layer = _model.Model.Network.Layers[0].Name;
        var answer = (await RunAsync(Images([1, 2]), [layer, OnnxExporter.Probabilities])).Value;

        Assert.Equal([layer, OnnxExporter.Probabilities], answer.Tensors.Select(tensor => tensor.Name));
        Near.Equal([.. new ulong[] { 1, 2 }.SelectMany(seed => _model.Naive.Run(_model.Pixels(seed))[layer].Data)],
            answer.Tensors[0].Values.ToArray(), 1e-5, layer);
    }

    [Fact]
    public async Task Run_ForAnUnknownOutput_IsRefusedBeforeTheInputIsRead()
    {
        var read = false;
        var answer = await _bench.Runner.RunAsync(
            _model.Model, 1, _ => throw new InvalidOperationException($"read: {read = true}"), ["nowhere"], CancellationToken.None);

        Assert.Equal("inference.output-unknown", answer.Problem?.Code);
        Assert.False(read);
    }

    [Fact]
    public async Task Run_WithoutAPlace_IsRefusedBeforeTheInputIsRead()
    {
        await using var bench = new ServingBench(new() { MaxQueueSize = 1 });
        using var places = bench.Classifier.Reserve(_model.Model, 1).Value;

        var answer = await bench.Runner.RunAsync(_model.Model, 1, _ => throw new InvalidOperationException("read"), null,
            CancellationToken.None);
        Assert.Equal("classify.queue-full", answer.Problem?.Code);
    }

    [Fact]
    public async Task Run_OfALentInput_GivesItBackOnce()
    {
        var lent = new Lent();
        Assert.True((await RunAsync(Images([1, 2, 3, 4, 5, 6]) with { Owner = lent }, [_model.Model.Network.Layers[0].Name])).Succeeded);

        Assert.Equal(1, lent.Returns);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _model.Dispose();
    }

    private async Task<Outcome<TensorAnswer>> RunAsync(TensorInput input, string[]? outputs) =>
        await _bench.Runner.RunAsync(_model.Model, input.Count, _ => ValueTask.FromResult<Outcome<TensorInput>>(input), outputs,
            CancellationToken.None);

    private TensorInput Images(ulong[] seeds) =>
        new(seeds.Length, null, [.. seeds.Select(seed => (ReadOnlyMemory<byte>)_model.Pixels(seed))]);

    private sealed class Lent : IDisposable
    {
        public int Returns { get; private set; }

        public void Dispose() => Returns++;
    }
}
