using CnnService.Core.Classification;
using CnnService.Engine.Tests.Onnx.Import;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;
using Google.Protobuf;

namespace CnnService.Engine.Tests.Onnx.Serving;

/// <summary>The way of a batch to a GPU, on the processor: padded, in bound memory, preprocessed by a session of its own.</summary>
public sealed class BoundNetworkTests : IDisposable
{
    private static readonly RunTarget Bound = new(null, IsBound: true);

    private readonly TemporaryModel _model = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    public void PaddedSize_IsTheNextPowerOfTwo(int images, int size) => Assert.Equal(size, BoundNetwork.PaddedSize(images));

    /// <summary>A network that answers with the size of its batch.</summary>
    [Fact]
    public void Run_OfThreeImages_IsARunOfFourThatAnswersThree()
    {
        var graph = new Handmade();
        var input = graph.Input(3, 8, 8);
        var first = graph.Node("Gather", [graph.Node("Shape", [input]), graph.Integers(0)]);
        var size = graph.Node("Cast", [first], Attributes.Number("to", 1L));
        var mean = graph.Node("ReduceMean", [input], Attributes.Numbers("axes", 1, 2, 3), Attributes.Number("keepdims", 0L));
        var nothing = graph.Node("Mul", [mean, graph.Number(0)]);
        var file = graph.Model(graph.Node("Add", [nothing, size])).ToByteArray();
        using var plain = OnnxNetwork.Open(file, Some.Preprocessing(), threads: 1).Value;
        using var padded = OnnxNetwork.Open(file, Some.Preprocessing(), threads: 1, Bound).Value;

        Assert.Equal([3, 3, 3], plain.Run([.. Images(1, 3)], plain.Outputs[0], out _));
        Assert.Equal([4, 4, 4], padded.Run([.. Images(1, 3)], padded.Outputs[0], out var shape));
        Assert.Equal([3], shape);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // The network contains its preprocessing.
    public void Run_OfBatchesOfAnySize_GivesWhatTheDefinitionSays(bool includesPreprocessing)
    {
        using var network = Open(includesPreprocessing);
        Assert.Equal(includesPreprocessing, network.TakesBytes);
        foreach (var count in new[] { 5, 1, 3, 5, 8, 2 })
        {
            var run = network.Run([new(count, null, [.. Images(1, count)])], [OnnxExporter.Logits], TimeProvider.System);

            Assert.Equal((count, (long)count), (run.Images, run.Tensors[0].Shape[0]));
            AssertLogits(run, count);
        }
    }

    [Fact]
    public void Run_OfPlanesAndImagesTogether_GivesBoth()
    {
        using var network = Open(includesPreprocessing: false);
        var planes = new float[network.BytesPerImage];
        new PlanarInput(Some.Preprocessing()).Fill(_model.Pixels(2), planes);
        TensorInput[] inputs = [new(1, null, [.. Images(1, 1)]), new(1, planes, null), new(1, null, [.. Images(3, 1)])];

        AssertLogits(network.Run(inputs, [OnnxExporter.Logits], TimeProvider.System), 3);
    }

    [Fact]
    public void Run_ForSeveralOutputs_GivesThemInTheOrderAskedFor()
    {
        using var network = Open(includesPreprocessing: false);
        var input = new TensorInput(1, null, [.. Images(1, 1)]);
        foreach (var outputs in new string[][] { [OnnxExporter.Probabilities, OnnxExporter.Logits], [OnnxExporter.Logits] })
        {
            var run = network.Run([input], outputs, TimeProvider.System);
            Assert.Equal(outputs, run.Tensors.Select(tensor => tensor.Name));
            Near.Equal(_model.Naive.Logits(_model.Pixels(1)), run.Tensors[^1].Values.ToArray(), 1e-4, "logits");
        }
    }

    [Fact]
    public void Run_ByManyAtOnce_KeepsTheirMemoryApart()
    {
        using var network = Open(includesPreprocessing: false);
        var expected = Enumerable.Range(0, 6).Select(seed => _model.Naive.Logits(_model.Pixels((ulong)seed))).ToArray();
        Parallel.For(0, 120, new() { MaxDegreeOfParallelism = 6 }, i =>
        {
            var values = network.Run([.. Images((ulong)(i % 4), 1 + (i % 3))], OnnxExporter.Logits, out _);
            Near.Equal([.. Enumerable.Range(i % 4, 1 + (i % 3)).SelectMany(seed => expected[seed])], values, 1e-4, $"run {i}");
        });
    }

    /// <summary>An image of the run before does not come back in the next, which leaves a row of the memory to the padding.</summary>
    [Fact]
    public void Run_AfterALargerOne_AnswersItsOwn()
    {
        using var network = Open(includesPreprocessing: false);
        network.Run([.. Images(1, 4)], OnnxExporter.Logits, out _);

        AssertLogits(network.Run([new(3, null, [.. Images(1, 3)])], [OnnxExporter.Logits], TimeProvider.System), 3);
    }

    public void Dispose() => _model.Dispose();

    private OnnxNetwork Open(bool includesPreprocessing)
    {
        var network = _model.Model.Network;
        var file = new OnnxExporter().Export(network, Some.Weights(network), Some.Classes(3), Some.Preprocessing(),
            new() { IncludePreprocessing = includesPreprocessing });
        return OnnxNetwork.Open(file, Some.Preprocessing(), threads: 1, Bound).Value;
    }

    private IEnumerable<ReadOnlyMemory<byte>> Images(ulong first, int count) =>
        Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)_model.Pixels(first + (ulong)i));

    private void AssertLogits(NetworkRun run, int count) => Near.Equal(
        [.. Enumerable.Range(1, count).SelectMany(seed => _model.Naive.Logits(_model.Pixels((ulong)seed)))],
        run.Tensors[0].Values.ToArray(), 1e-4, $"{count} images");
}
