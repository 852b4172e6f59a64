using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;

namespace CnnService.Core.Tests.Models.Import;

/// <summary>Files of weights for tests.</summary>
internal static class SomeWeights
{
    /// <summary>A tensor of small numbers, other ones for every seed.</summary>
    public static WeightTensor Tensor(ulong seed, params int[] shape)
    {
        var random = new CounterRandom(seed);
        var data = new float[shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = (float)random.NextDouble(-1, 1);
        }

        return new(shape, data);
    }

    /// <summary>Tensors by name, in the order given.</summary>
    public static NamedWeights File(params IEnumerable<(string Name, WeightTensor Tensor)> tensors)
    {
        var weights = new NamedWeights();
        foreach (var (name, tensor) in tensors)
        {
            weights.Add(name, tensor);
        }

        return weights;
    }

    /// <summary>Random weights of a network under its own names.</summary>
    public static NamedWeights Of(ResolvedNetwork network, ulong seed = 1) =>
        File(NetworkTensor.List(network).Select((tensor, i) => (tensor.Name, Tensor(seed + (ulong)i, [.. tensor.Shape]))));

    public static ImportedWeights Import(NamedWeights source, ResolvedNetwork network, WeightConvention? convention = null) =>
        WeightImport.Map(new(source, network) { Convention = convention }).Value;

    public static void AssertEqual(NamedWeights expected, NamedWeights actual)
    {
        Assert.Equal(expected.Names.Order(StringComparer.Ordinal), actual.Names.Order(StringComparer.Ordinal));
        Assert.All(expected.All, pair =>
        {
            Assert.Equal(pair.Value.Shape, actual[pair.Key].Shape);
            Assert.Equal(pair.Value.Data, actual[pair.Key].Data);
        });
    }
}
