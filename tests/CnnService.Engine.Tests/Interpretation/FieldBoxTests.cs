using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Onnx;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Interpretation;

/// <summary>What a box says of a cell, against the network itself, as OnnxRuntime carries it out.</summary>
public sealed class FieldBoxTests : IDisposable
{
    private const int Networks = 300;
    private const int Images = 6;

    private readonly FeatureMapReader _reader = new(Options.Create(new ServingOptions { Threads = 1 }));

    /// <summary>Another image outside of the box of a cell: not one bit of the cell changes.</summary>
    [Fact]
    public void Of_RandomNetworks_HoldsAllThatACellSees()
    {
        var checkedCells = 0;
        for (var seed = 0; seed < Networks; seed++)
        {
            var network = NetworkCases.Random((ulong)seed);
            if (network.Layers.All(HasOnlyZerosAround))
            {
                using var model = new TemporaryModel(network);
                checkedCells += network.Layers.Where(layer => layer.OutputShape.IsMap && layer.Field is not null)
                    .Sum(layer => AssertUnmoved(model, layer, (ulong)seed));
            }
        }

        Assert.True(checkedCells > 200, $"only {checkedCells} cells were looked at");
    }

    /// <summary>Where all weights are positive and nothing is cut off, each pixel of the box counts, and no other.</summary>
    [Theory]
    [InlineData("first")]
    [InlineData("pool")]
    [InlineData("second")]
    [InlineData("sum")]
    public void Of_PositiveWeights_IsWhatACellSees(string name)
    {
        var network = Some.Network(
            2,
            new(14, 11, 1),
            new Conv2dLayer { Name = "first", Filters = 1, KernelSize = new(3, 2), Padding = Padding2.Same },
            new AveragePooling2dLayer { Name = "pool", PoolSize = new(2, 3), Strides = new(2, 2) },
            new Conv2dLayer { Name = "second", Filters = 1, KernelSize = new(3, 3), Padding = Padding2.Explicit(2, 1, 0, 1) },
            new Conv2dLayer { Name = "third", Filters = 1, KernelSize = new(1, 1), Inputs = ["pool"] },
            new AddLayer { Name = "sum", Inputs = ["second", "third"] },
            new FlattenLayer { Name = "vector" },
            new DenseLayer { Name = "head", Units = 2 });
        var (folder, model) = Positive(network);
        var layer = network.Find(name)!;
        var plain = Read(model, layer, new byte[14 * 11]);
        var seen = new Dictionary<(int Y, int X), HashSet<(int Y, int X)>>();
        for (var pixel = 0; pixel < 14 * 11; pixel++)
        {
            var image = new byte[14 * 11];
            image[pixel] = 255;
            var values = Read(model, layer, image);
            foreach (var cell in Cells(layer).Where(cell => values[Place(layer, cell)] != plain[Place(layer, cell)]))
            {
                (seen.TryGetValue(cell, out var pixels) ? pixels : seen[cell] = []).Add((pixel / 11, pixel % 11));
            }
        }

        foreach (var (y, x) in Cells(layer))
        {
            var box = FieldBox.Compute(layer, network.Spec.Input, y, x).Within(11, 14);
            var expected =
                from row in Enumerable.Range(box.Top, box.Height) from column in Enumerable.Range(box.Left, box.Width) select (row, column);
            Assert.Equal(expected, seen.GetValueOrDefault((y, x), []).Order());
        }

        Directory.Delete(folder, recursive: true);
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Edges that are repeated or mirrored are seen from further away than the box.</summary>
    private static bool HasOnlyZerosAround(ResolvedLayer layer) =>
        layer.Spec is not (Conv2dLayer { PaddingMode: not PaddingMode.Zeros } or Padding2dLayer { PaddingMode: not PaddingMode.Zeros });

    private int AssertUnmoved(TemporaryModel model, ResolvedLayer layer, ulong seed)
    {
        var input = model.Model.Network.Spec.Input;
        var random = new CounterRandom(seed, 31);
        var (height, width) = (layer.OutputShape.Height, layer.OutputShape.Width);
        var cell = (Y: random.NextInt32(height), X: random.NextInt32(width));
        var box = FieldBox.Compute(layer, input, cell.Y, cell.X).Within(input.Width, input.Height);
        var plain = model.Pixels(1);
        var expected = Read(model.Model, layer, plain);
        for (var other = 2; other < 2 + Images; other++)
        {
            var changed = model.Pixels((ulong)other);
            for (var row = box.Top; row < box.Top + box.Height; row++)
            {
                var from = ((row * input.Width) + box.Left) * input.Channels;
                plain.AsSpan(from, box.Width * input.Channels).CopyTo(changed.AsSpan(from));
            }

            var values = Read(model.Model, layer, changed);
            for (var channel = 0; channel < layer.OutputShape.Channels; channel++)
            {
                var place = Place(layer, cell) + (channel * height * width);
                Assert.True(BitConverter.SingleToInt32Bits(expected[place]) == BitConverter.SingleToInt32Bits(values[place]),
                    $"network {seed}, {layer.Name}, cell {cell}, box {box}");
            }
        }

        return 1;
    }

    private static IEnumerable<(int Y, int X)> Cells(ResolvedLayer layer) =>
        from y in Enumerable.Range(0, layer.OutputShape.Height) from x in Enumerable.Range(0, layer.OutputShape.Width) select (y, x);

    private static int Place(ResolvedLayer layer, (int Y, int X) cell) => (cell.Y * layer.OutputShape.Width) + cell.X;

    private float[] Read(LoadedModel model, ResolvedLayer layer, byte[] pixels) =>
        _reader.Read(model, layer, Some.Buffer(model.Network, pixels)).Value.Values.ToArray();

    private static (string Folder, LoadedModel Model) Positive(ResolvedNetwork network)
    {
        var weights = new NamedWeights();
        foreach (var (name, tensor) in Some.Weights(network).All)
        {
            weights.Add(name, new(tensor.Shape, [.. tensor.Data.Select(value => 0.1f + Math.Abs(value))]));
        }

        var preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 1, [], []);
        var folder = Directory.CreateTempSubdirectory("cnn-field-").FullName;
        var manifest = new ModelManifest
        {
            Classes = Some.Classes(2),
            Network = network.Spec,
            Architecture = "custom",
            Preprocessing = preprocessing,
            Files = [],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        var written = ModelPackage.Write(folder, manifest, new OnnxExporter().Export(network, weights, Some.Classes(2), preprocessing),
            weights);
        return (folder, new("positive", 1, folder, written, network));
    }
}
