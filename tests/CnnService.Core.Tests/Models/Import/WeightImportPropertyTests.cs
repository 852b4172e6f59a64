using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models.Import;

/// <summary>Weights written under other names, in other layouts and any order come back exactly.</summary>
public sealed class WeightImportPropertyTests
{
    private const int Rounds = 60;

    [Fact]
    public void Map_RandomNetworksUnderPrefixesInAnyOrder_ComeBack()
    {
        string[] prefixes = ["", "module.", "model.", "module.model.", "_orig_mod.module.", "net.", "a.b.c.", "module.net."];
        for (var round = 0; round < Rounds; round++)
        {
            var random = new CounterRandom(31, (ulong)round);
            var network = Network(ref random);
            var ours = SomeWeights.Of(network, (ulong)round);
            var prefix = prefixes[random.NextInt32(prefixes.Length)];

            var imported = SomeWeights.Import(Shuffled(ours.All.Select(pair => ($"{prefix}{pair.Key}", pair.Value)), ref random), network);

            SomeWeights.AssertEqual(ours, imported.Weights);
            Assert.True(imported.Report.IsComplete);
            Assert.Equal(prefix.Length == 0 ? WeightConvention.Own : WeightConvention.PyTorch, imported.Report.Convention);
        }
    }

    [Fact]
    public void Map_RandomNetworksInKerassLayout_ComeBack()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var random = new CounterRandom(32, (ulong)round);
            var network = Network(ref random);
            var ours = SomeWeights.Of(network, (ulong)round);
            var nested = random.NextInt32(2) == 0;

            var imported = SomeWeights.Import(
                Shuffled(NetworkTensor.List(network).Select(tensor => Keras(network, tensor, ours[tensor.Name], nested)), ref random),
                network);

            SomeWeights.AssertEqual(ours, imported.Weights);
            Assert.Equal(WeightConvention.Keras, imported.Report.Convention);
        }
    }

    [Fact]
    public void Map_AnyFileAtAll_AccountsForEveryTensorOnce()
    {
        string[] words = ["weight", "bias", "kernel", "gamma", "running_mean", "num_batches_tracked", "W_1:0", ""];
        for (var round = 0; round < Rounds; round++)
        {
            var random = new CounterRandom(33, (ulong)round);
            var network = Network(ref random);
            string[] layers = [.. network.Layers.Select(layer => layer.Name), "x", "", ".", "a/b", "module.", "conv2d_1", ":0"];
            var file = new NamedWeights();
            for (var i = random.NextInt32(30); i > 0; i--)
            {
                var name = $"{layers[random.NextInt32(layers.Length)]}{"./_"[random.NextInt32(3)]}{words[random.NextInt32(words.Length)]}";
                if (!file.TryGet(name, out _))
                {
                    file.Add(name, SomeWeights.Tensor(random.NextUInt64(), [.. Enumerable.Range(0, random.NextInt32(6)).Select(_ => 3)]));
                }
            }

            var outcome = WeightImport.Map(new(file, network));

            if (outcome.Problem is { } problem)
            {
                Assert.Equal("weights.ambiguous", problem.Code);
                continue;
            }

            var report = outcome.Value.Report;
            Assert.Equal(
                NetworkTensor.List(network).Select(tensor => tensor.Name).Order(StringComparer.Ordinal),
                report.Filled.Select(tensor => tensor.Name).Concat(report.Missing.Select(tensor => tensor.Name))
                .Order(StringComparer.Ordinal));
            Assert.Equal(
                file.Names.Order(StringComparer.Ordinal),
                report.Filled.Where(tensor => tensor.Source is not null).Select(tensor => tensor.Source!)
                    .Concat(report.Unused.Select(tensor => tensor.Name)).Order(StringComparer.Ordinal));
        }
    }

    private static ResolvedNetwork Network(ref CounterRandom random)
    {
        var layers = new List<LayerSpec>();
        for (var i = random.NextInt32(4); i >= 0; i--)
        {
            layers.Add(new Conv2dLayer
            {
                Name = $"block{i}.conv",
                Filters = 1 + random.NextInt32(4),
                KernelSize = new(1 + random.NextInt32(3), 1 + random.NextInt32(3)),
                Padding = Padding2.Same,
                UseBias = random.NextInt32(2) == 0,
            });
            switch (random.NextInt32(4))
            {
                case 0 or 1:
                    layers.Add(new BatchNormalizationLayer { Name = $"block{i}.bn" });
                    break;
                case 2:
                    layers.Add(new LayerNormalizationLayer { Name = $"block{i}.ln" });
                    break;
            }
        }

        layers.Add(random.NextInt32(2) == 0 ? new FlattenLayer { Name = "join" } : new GlobalAveragePooling2dLayer { Name = "join" });
        layers.Add(new DenseLayer { Name = "hidden", Units = 1 + random.NextInt32(6) });
        layers.Add(new DenseLayer { Name = "output" });
        return Some.Network(new NetworkSpec(new(1 + random.NextInt32(4), 2 + random.NextInt32(4), 3), layers));
    }

    private static (string Name, WeightTensor Tensor) Keras(ResolvedNetwork network, NetworkTensor tensor, WeightTensor ours, bool nested)
    {
        var isNormalization = tensor.Layer.Spec is BatchNormalizationLayer or LayerNormalizationLayer;
        var word = tensor.Part switch
        {
            TensorPart.Weight => isNormalization ? "gamma" : "kernel",
            TensorPart.Bias => isNormalization ? "beta" : "bias",
            TensorPart.RunningMean => "moving_mean",
            _ => "moving_variance",
        };
        var name = tensor.Layer.Name.Replace('.', '/');
        var layout = (tensor.Layer.Spec, tensor.Part) switch
        {
            (Conv2dLayer, TensorPart.Weight) => NaiveKeras.Kernel(ours),
            (DenseLayer, TensorPart.Weight) when tensor.Layer.Inputs[0] == "join" =>
                NaiveKeras.Dense(Flattened(network.Find("join")!, ours)),
            (DenseLayer, TensorPart.Weight) => NaiveKeras.Dense(ours),
            _ => ours,
        };
        return ($"{(nested ? $"{name}/{name.Split('/')[^1]}" : name)}/{word}:0", layout);
    }

    /// <summary>Columns from <c>[C,H,W]</c> to <c>[H,W,C]</c>, found through the map's coordinates.</summary>
    private static WeightTensor Flattened(ResolvedLayer join, WeightTensor ours)
    {
        if (join.Spec is not FlattenLayer)
        {
            return ours;
        }

        var (channels, height, width) = (join.InputShapes[0].Channels, join.InputShapes[0].Height, join.InputShapes[0].Width);
        var columns = channels * height * width;
        var result = new float[ours.Data.Length];
        for (var row = 0; row < ours.Shape[0]; row++)
        {
            for (var place = 0; place < columns; place++)
            {
                var (h, w, c) = (place / channels / width, place / channels % width, place % channels);
                result[(row * columns) + place] = ours.Data[(row * columns) + (((c * height) + h) * width) + w];
            }
        }

        return new(ours.Shape, result);
    }

    private static NamedWeights Shuffled(IEnumerable<(string Name, WeightTensor Tensor)> tensors, ref CounterRandom random)
    {
        var left = tensors.ToArray();
        for (var i = left.Length - 1; i > 0; i--)
        {
            var j = random.NextInt32(i + 1);
            (left[i], left[j]) = (left[j], left[i]);
        }

        return SomeWeights.File(left);
    }
}
