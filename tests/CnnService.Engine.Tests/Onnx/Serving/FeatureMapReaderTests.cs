using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Onnx.Serving;

public sealed class FeatureMapReaderTests : IDisposable
{
    private readonly TemporaryModel _model = new(Branching());
    private readonly FeatureMapReader _reader = new(Options.Create(new ServingOptions { Threads = 1 }));

    [Fact]
    public void Read_OfEveryLayer_GivesWhatTheDefinitionSays()
    {
        var expected = _model.Naive.Run(_model.Pixels(1));
        foreach (var layer in _model.Model.Network.Layers)
        {
            AssertEqual(expected[layer.Name], layer.Name, 1);
        }
    }

    [Fact]
    public void Read_BeforeTheActivation_GivesWhatItTakes()
    {
        var slope = (float)_model.Model.Network.FunctionOf(Layer("conv")).Slope;

        var before = _reader.Read(_model.Model, Layer("conv"), _model.Image(1), beforeActivation: true).Value.Values.ToArray();
        var after = _reader.Read(_model.Model, Layer("conv"), _model.Image(1)).Value.Values.ToArray();
        var linear = _reader.Read(_model.Model, Layer("right"), _model.Image(1), beforeActivation: true).Value.Values.ToArray();

        Assert.Contains(before, value => value < 0);
        Near.Equal([.. before.Select(value => value < 0 ? slope * value : value)], after, 1e-6, "conv");
        Assert.Equal(_reader.Read(_model.Model, Layer("right"), _model.Image(1)).Value.Values.ToArray(), linear);
    }

    [Fact]
    public void Read_OfALayer_GivesItsMapsByChannel()
    {
        var maps = _reader.Read(_model.Model, Layer("pool"), _model.Image(1)).Value;
        var expected = _model.Naive.Run(_model.Pixels(1))["pool"];

        Assert.Equal((6, 6, 5), (maps.Channels, maps.Height, maps.Width));
        Near.Equal([.. expected.Map(2)], maps.Map(2).ToArray(), 1e-5, "pool, map 2");
    }

    [Fact]
    public void Read_ByManyOfMoreLayersThanAreKept_GivesEachItsOwn()
    {
        var layers = _model.Model.Network.Layers;
        Assert.True(layers.Count > FeatureMapReader.Capacity);
        var expected = Enumerable.Range(0, 4).Select(seed => _model.Naive.Run(_model.Pixels((ulong)seed))).ToArray();

        Parallel.For(0, 200, new() { MaxDegreeOfParallelism = 8 }, i =>
        {
            var layer = layers[i * 7 % layers.Count].Name;
            AssertEqual(expected[i % 4][layer], layer, (ulong)(i % 4));
        });
    }

    /// <summary>A version imported again with another preprocessing has the same weights, and answers otherwise.</summary>
    [Fact]
    public void Read_OfTheSameWeightsWithAnotherPreprocessing_GivesEachItsOwn()
    {
        var other = _model.Model with
        {
            Manifest = _model.Model.Manifest with { Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []) },
        };
        var naive = new NaiveNetwork(other.Network, Some.Weights(other.Network), other.Manifest.Preprocessing);

        AssertEqual(_model.Naive.Run(_model.Pixels(1))["conv"], "conv", 1);
        var maps = _reader.Read(other, other.Network.Find("conv")!, _model.Image(1)).Value;
        Near.Equal(naive.Run(_model.Pixels(1))["conv"].Data, maps.Values.ToArray(), 1e-5, "conv");
    }

    [Fact]
    public void Read_FromACorruptFile_IsRefusedUntilItIsRepaired()
    {
        _model.FlipBit();
        var problem = _reader.Read(_model.Model, Layer("conv"), _model.Image(1)).Problem;
        Assert.Equal((ProblemKind.Unavailable, "model.corrupt"), (problem?.Kind, problem?.Code));
        _model.FlipBit();

        Assert.True(_reader.Read(_model.Model, Layer("conv"), _model.Image(1)).Succeeded);
    }

    [Fact]
    public void Read_FromAFileThatIsNoNetwork_IsRefused()
    {
        using var garbage = new TemporaryModel(onnx: [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))]);

        Assert.Equal("model.corrupt", _reader.Read(garbage.Model, garbage.Model.Network.Find("conv")!, garbage.Image(1)).Problem?.Code);
    }

    [Fact]
    public void Read_OfAnImageOfAnotherSize_Throws() =>
        Assert.Throws<ArgumentException>(() => _reader.Read(_model.Model, Layer("conv"), new PixelBuffer(3, 3, 3)));

    [Fact]
    public void Read_AfterDispose_Throws()
    {
        _reader.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _reader.Read(_model.Model, Layer("conv"), _model.Image(1)));
    }

    public void Dispose()
    {
        _reader.Dispose();
        _model.Dispose();
    }

    private static ResolvedNetwork Branching() => Some.Network(
        4,
        new(12, 10, 3),
        new Conv2dLayer { Name = "conv", Filters = 6, Padding = Padding2.Same, Activation = ActivationKind.LeakyRelu },
        new MaxPooling2dLayer { Name = "pool" },
        new Conv2dLayer { Name = "left", Filters = 4, Padding = Padding2.Same, Activation = ActivationKind.Gelu },
        new Conv2dLayer { Name = "right", Filters = 4, KernelSize = new(1, 1), Inputs = ["pool"] },
        new AddLayer { Name = "sum", Inputs = ["left", "right"], Activation = ActivationKind.Relu6 },
        new ConcatenateLayer { Name = "both", Inputs = ["sum", "pool"] },
        new BatchNormalizationLayer { Name = "norm", Activation = ActivationKind.Silu },
        new DropoutLayer { Name = "drop" },
        new AveragePooling2dLayer { Name = "shrink" },
        new FlattenLayer { Name = "flat" },
        new DenseLayer { Name = "hidden", Units = 7, Activation = ActivationKind.Elu },
        new DenseLayer { Name = "last", Activation = ActivationKind.Softmax });

    private ResolvedLayer Layer(string name) => _model.Model.Network.Find(name)!;

    private void AssertEqual(NaiveTensor expected, string layer, ulong seed)
    {
        var maps = _reader.Read(_model.Model, Layer(layer), _model.Image(seed)).Value;
        Assert.Equal((expected.Channels, expected.Height, expected.Width), (maps.Channels, maps.Height, maps.Width));
        Near.Equal(expected.Data, maps.Values.ToArray(), 1e-5, layer);
    }
}
