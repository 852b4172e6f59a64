using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;

namespace CnnService.Engine.Tests.Onnx.Export;

/// <summary>The output that tells how familiar an image is, judged by its definition.</summary>
public sealed class FamiliarityTests
{
    private const int Width = 6;
    private const int Classes = 3;
    private const int References = 5;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Familiarity_IsTheLogisticOfTheDistanceToTheNearestReference(bool folds, bool whitens)
    {
        var network = Some.Network(
            Classes, new(8, 8, 3),
            new Conv2dLayer { Name = "conv", Filters = Width },
            new BatchNormalizationLayer { Name = "norm", Activation = ActivationKind.Relu },
            new GlobalAveragePooling2dLayer { Name = "familiarity", KeepDimensions = true },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "head" });
        var head = Head(whitens: whitens);
        var file = new OnnxExporter().Export(network, Some.Weights(network), Some.Classes(Classes), Some.Preprocessing(),
            new() { Familiarity = head, FoldBatchNormalization = folds });
        using var served = OnnxNetwork.Open(file, Some.Preprocessing(), threads: 1).Value;
        ReadOnlyMemory<byte>[] images = [Some.Image(network, 1), Some.Image(network, 2), Some.Image(network, 3)];

        var told = served.Run(images, OnnxExporter.Familiarity, out var shape);

        Assert.Equal([3, 1], shape);
        using var parts = OnnxNetwork.Open(
            OnnxTruncation.TruncateAfter(file, network.Find("flat")!).Value, Some.Preprocessing(), threads: 1).Value;
        var values = parts.Run(images, "flat", out _);
        for (var image = 0; image < 3; image++)
        {
            Assert.Equal(Naive(head, values.AsSpan(image * Width, Width)), told[image], 1e-4);
        }
    }

    [Fact]
    public void Familiarity_OfFeatureMaps_IsThatOfTheirMeans()
    {
        var network = Some.Network(
            Classes, new(8, 8, 3),
            new Conv2dLayer { Name = "maps", Filters = Width, Activation = ActivationKind.Relu },
            new Conv2dLayer { Name = "classes_1", Filters = Classes, KernelSize = new(1, 1) },
            new GlobalAveragePooling2dLayer { Name = "pool" });
        var head = Head("maps");
        var file = new OnnxExporter().Export(
            network, Some.Weights(network), Some.Classes(Classes), Some.Preprocessing(), new() { Familiarity = head });
        using var served = OnnxNetwork.Open(file, Some.Preprocessing(), threads: 1).Value;
        ReadOnlyMemory<byte>[] images = [Some.Image(network, 1), Some.Image(network, 2)];

        var told = served.Run(images, OnnxExporter.Familiarity, out _);

        using var parts = OnnxNetwork.Open(
            OnnxTruncation.TruncateAfter(file, network.Find("maps")!).Value, Some.Preprocessing(), threads: 1).Value;
        var values = parts.Run(images, "maps", out var shape);
        var positions = (int)(shape[2] * shape[3]);
        for (var image = 0; image < 2; image++)
        {
            float[] means = [.. Enumerable.Range(0, Width).Select(map =>
                values.Skip(((image * Width) + map) * positions).Take(positions).Average())];
            Assert.Equal(Naive(head, means), told[image], 1e-4);
        }
    }

    private static FamiliarityHead Head(string layer = "flat", bool whitens = false)
    {
        var random = new CounterRandom(8);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble(-1, 1))];
        return new()
        {
            Layer = layer,
            Whitening = whitens ? new([Width, Width], Values(Width * Width)) : null,
            References = new([References, Width], Values(References * Width)),
            Middle = 1.3,
            Width = 0.7,
        };
    }

    private static double Naive(FamiliarityHead head, ReadOnlySpan<float> features)
    {
        double[] given = [.. features.ToArray().Select(feature => (double)feature)];
        var length = Math.Sqrt(given.Sum(feature => feature * feature));
        double[] compared = [.. Enumerable.Range(0, Width).Select(to => head.Whitening is { } whitening
            ? Enumerable.Range(0, Width).Sum(from => given[from] * whitening.Data[(from * Width) + to])
            : given[to] / length)];
        var least = Enumerable.Range(0, References).Min(row =>
            Math.Sqrt(Enumerable.Range(0, Width).Sum(i => Math.Pow(compared[i] - head.References.Data[(row * Width) + i], 2))));
        return 1 / (1 + Math.Exp((least - head.Middle) / head.Width));
    }
}
