using System.Globalization;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Tests.Shared;

namespace CnnService.Core.Tests.Models.Import;

/// <summary>The published networks, their tensors written out by hand from the papers and torchvision's modules.</summary>
public sealed class PublishedFileTests
{
    /// <summary>torchvision's vgg16: module, shape of its weight, layer.</summary>
    private static readonly (string Module, int[] Shape, string Layer)[] Vgg16 =
    [
        ("features.0", [64, 3, 3, 3], "block1_conv1"),
        ("features.2", [64, 64, 3, 3], "block1_conv2"),
        ("features.5", [128, 64, 3, 3], "block2_conv1"),
        ("features.7", [128, 128, 3, 3], "block2_conv2"),
        ("features.10", [256, 128, 3, 3], "block3_conv1"),
        ("features.12", [256, 256, 3, 3], "block3_conv2"),
        ("features.14", [256, 256, 3, 3], "block3_conv3"),
        ("features.17", [512, 256, 3, 3], "block4_conv1"),
        ("features.19", [512, 512, 3, 3], "block4_conv2"),
        ("features.21", [512, 512, 3, 3], "block4_conv3"),
        ("features.24", [512, 512, 3, 3], "block5_conv1"),
        ("features.26", [512, 512, 3, 3], "block5_conv2"),
        ("features.28", [512, 512, 3, 3], "block5_conv3"),
        ("classifier.0", [4096, 25088], "fc1"),
        ("classifier.3", [4096, 4096], "fc2"),
        ("classifier.6", [1000, 4096], "predictions"),
    ];

    private static readonly (string Module, int[] Shape, string Layer)[] Vgg11 =
    [
        ("features.0", [64, 3, 3, 3], "block1_conv1"),
        ("features.3", [128, 64, 3, 3], "block2_conv1"),
        ("features.6", [256, 128, 3, 3], "block3_conv1"),
        ("features.8", [256, 256, 3, 3], "block3_conv2"),
        ("features.11", [512, 256, 3, 3], "block4_conv1"),
        ("features.13", [512, 512, 3, 3], "block4_conv2"),
        ("features.16", [512, 512, 3, 3], "block5_conv1"),
        ("features.18", [512, 512, 3, 3], "block5_conv2"),
        ("classifier.6", [10, 4096], "predictions"),
    ];

    /// <summary>Module, squeeze, expand, layer; each fire takes what the one before it gives.</summary>
    private static readonly (string Module, int In, int Squeeze, int Expand, string Layer)[] Fires =
    [
        ("features.3", 64, 16, 64, "fire2"),
        ("features.4", 128, 16, 64, "fire3"),
        ("features.6", 128, 32, 128, "fire4"),
        ("features.7", 256, 32, 128, "fire5"),
        ("features.9", 256, 48, 192, "fire6"),
        ("features.10", 384, 48, 192, "fire7"),
        ("features.11", 384, 64, 256, "fire8"),
        ("features.12", 512, 64, 256, "fire9"),
    ];

    [Fact]
    public void NetworkTensors_OfVgg16_AreThePublishedOnes()
    {
        var tensors = NetworkTensor.List(Some.Preset("vgg16", 1000));

        Assert.Equal(
            Vgg16.SelectMany(row => new[] { ($"{row.Layer}.weight", Text(row.Shape)), ($"{row.Layer}.bias", Text(row.Shape[0])) }),
            tensors.Select(tensor => (tensor.Name, Text([.. tensor.Shape]))));
        Assert.Equal(138_357_544, tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (product, size) => product * size)));
        Assert.Equal(14_714_688, Vgg16[..13].Sum(row => row.Shape.Aggregate(1L, (product, size) => product * size) + row.Shape[0]));
    }

    /// <summary>Without the first two dense layers, which take half a gigabyte.</summary>
    [Fact]
    public void Map_TorchvisionVgg16_PutsEachModuleIntoItsLayer()
    {
        var network = Some.Preset("vgg16", 1000);
        var rows = Vgg16.Where(row => row.Layer is not ("fc1" or "fc2")).ToArray();
        var file = Torchvision(rows);

        var imported = SomeWeights.Import(file, network);

        AssertRows(rows, file, imported);
        Assert.Equal(["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"], imported.Report.Missing.Select(tensor => tensor.Name));
        Assert.Equal(["4096x25088", "4096", "4096x4096", "4096"], imported.Report.Missing.Select(tensor => Text([.. tensor.Shape])));
        Assert.Empty(imported.Report.Unused);
        Assert.Equal((WeightConvention.PyTorch, "vgg16"), (imported.Report.Convention, imported.Report.Preset));
        Assert.All(imported.Report.Filled,
            tensor => Assert.Equal((MatchKind.PublishedName, LayoutChanges.None), (tensor.Match, tensor.Change)));
    }

    [Fact]
    public void Map_TorchvisionVgg11_PutsEachModuleIntoItsLayer()
    {
        var file = Torchvision(Vgg11);

        var imported = SomeWeights.Import(file, Some.Preset("vgg11", 10));

        AssertRows(Vgg11, file, imported);
        Assert.Equal("vgg11", imported.Report.Preset);
    }

    [Fact]
    public void Map_TimmVgg_TakesTheHeadsConvolutionsAsDenseLayers()
    {
        var network = Some.Preset("vgg11", 10, new(32, 32, 3));
        (string, int[], string)[] rows = [("features.0", [64, 3, 3, 3], "block1_conv1"), ("pre_logits.fc1", [4096, 512, 1, 1], "fc1"),
            ("head.fc", [10, 4096], "predictions")];
        var file = Torchvision(rows);

        var imported = SomeWeights.Import(file, network);

        Assert.Equal([4096, 512], imported.Weights["fc1.weight"].Shape);
        Assert.Equal(file["pre_logits.fc1.weight"].Data, imported.Weights["fc1.weight"].Data);
        Assert.Equal(file["head.fc.weight"].Data, imported.Weights["predictions.weight"].Data);
        Assert.Equal(LayoutChanges.Reshaped, imported.Report.Filled.Single(tensor => tensor.Name == "fc1.weight").Change);
    }

    [Fact]
    public void Map_TorchvisionSqueezeNet_PutsEachModuleIntoItsLayerAndIsComplete()
    {
        (string, int[], string)[] rows =
        [
            ("features.0", [64, 3, 3, 3], "conv1"),
            .. Fires.SelectMany(fire => new (string, int[], string)[]
            {
                ($"{fire.Module}.squeeze", [fire.Squeeze, fire.In, 1, 1], $"{fire.Layer}.squeeze1x1"),
                ($"{fire.Module}.expand1x1", [fire.Expand, fire.Squeeze, 1, 1], $"{fire.Layer}.expand1x1"),
                ($"{fire.Module}.expand3x3", [fire.Expand, fire.Squeeze, 3, 3], $"{fire.Layer}.expand3x3"),
            }),
            ("classifier.1", [1000, 512, 1, 1], "conv10"),
        ];
        var file = Torchvision(rows);

        var imported = SomeWeights.Import(file, Some.Preset("squeezenet1.1", 1000));

        AssertRows(rows, file, imported);
        Assert.True(imported.Report.IsComplete);
        Assert.Equal(1_235_496, imported.Weights.All.Sum(pair => (long)pair.Value.Data.Length));
    }

    [Fact]
    public void Map_TorchvisionResNet18_TakesItsNamesAndPassesCountersOver()
    {
        var file = SomeWeights.File(ResNet18().Select((row, i) => (row.Name, SomeWeights.Tensor((ulong)i, row.Shape))));

        var imported = WeightImport.Map(new(file, Some.Preset("resnet18", 1000))
        {
            Unread = new Dictionary<string, string> { ["bn1.num_batches_tracked"] = "I64", ["layer1.0.bn1.num_batches_tracked"] = "I64" },
        }).Value;

        SomeWeights.AssertEqual(file, imported.Weights);
        Assert.True(imported.Report.IsComplete);
        Assert.Equal((WeightConvention.PyTorch, "resnet18"), (imported.Report.Convention, imported.Report.Preset));
        Assert.Equal(11_689_512 + (2 * 4_800), imported.Weights.All.Sum(pair => (long)pair.Value.Data.Length));
        Assert.Equal(["counts batches, which matters to nothing here"], imported.Report.Unused.Select(tensor => tensor.Reason).Distinct());
    }

    [Fact]
    public void Map_TutorialLeNet_GoesByThePublishedNames()
    {
        (string, int[], string)[] rows =
        [
            ("conv1", [6, 1, 5, 5], "conv_1"),
            ("conv2", [16, 6, 5, 5], "conv_2"),
            ("fc1", [120, 400], "dense_1"),
            ("fc2", [84, 120], "dense_2"),
            ("fc3", [10, 84], "output"),
        ];
        var file = Torchvision(rows);

        var imported = SomeWeights.Import(file, Some.Preset("lenet5", 10));

        AssertRows(rows, file, imported);
        Assert.True(imported.Report.IsComplete);
    }

    [Fact]
    public void Map_FileOfAnotherWriter_FillsTheFirstTwoBlocksOfVgg16()
    {
        var path = SharedData.Path("pretrained", "vgg16-blocks1-2.safetensors");
        var content = SafetensorsFile.Read(path).Value;

        var imported = WeightImport.Map(new(content.Weights, Some.Preset("vgg16", 1000)) { Unread = content.Unread }).Value;

        Assert.Equal(WeightConvention.Own, imported.Report.Convention);
        SomeWeights.AssertEqual(content.Weights, imported.Weights);
        Assert.Equal((8, 24, 0), (imported.Report.Filled.Count, imported.Report.Missing.Count, imported.Report.Unused.Count));
        Assert.Equal("block3_conv1.weight", imported.Report.Missing[0].Name);
    }

    /// <summary>conv1, bn1, four stages of two blocks, fc: names and shapes as torchvision gives them.</summary>
    private static IEnumerable<(string Name, int[] Shape)> ResNet18()
    {
        yield return ("conv1.weight", [64, 3, 7, 7]);
        foreach (var tensor in Normalization("bn1", 64))
        {
            yield return tensor;
        }

        int[] widths = [64, 64, 128, 256, 512];
        for (var stage = 1; stage <= 4; stage++)
        {
            for (var block = 0; block < 2; block++)
            {
                var (name, width, taken) = ($"layer{stage}.{block}", widths[stage], block == 0 ? widths[stage - 1] : widths[stage]);
                yield return ($"{name}.conv1.weight", [width, taken, 3, 3]);
                yield return ($"{name}.conv2.weight", [width, width, 3, 3]);
                IEnumerable<(string, int[])> rest = [.. Normalization($"{name}.bn1", width), .. Normalization($"{name}.bn2", width)];
                if (taken != width)
                {
                    rest = [.. rest, ($"{name}.downsample.0.weight", [width, taken, 1, 1]),
                        .. Normalization($"{name}.downsample.1", width)];
                }

                foreach (var tensor in rest)
                {
                    yield return tensor;
                }
            }
        }

        yield return ("fc.weight", [1000, 512]);
        yield return ("fc.bias", [1000]);
    }

    private static IEnumerable<(string, int[])> Normalization(string name, int channels) =>
        new[] { "weight", "bias", "running_mean", "running_var" }.Select(part => ($"{name}.{part}", new[] { channels }));

    private static NamedWeights Torchvision((string Module, int[] Shape, string Layer)[] rows) =>
        SomeWeights.File(rows.SelectMany((row, i) => new[]
        {
            ($"{row.Module}.weight", SomeWeights.Tensor((ulong)(2 * i), row.Shape)),
            ($"{row.Module}.bias", SomeWeights.Tensor((ulong)((2 * i) + 1), row.Shape[0])),
        }));

    private static void AssertRows((string Module, int[] Shape, string Layer)[] rows, NamedWeights file, ImportedWeights imported) =>
        Assert.All(rows, row =>
    {
        Assert.Same(file[$"{row.Module}.weight"].Data, imported.Weights[$"{row.Layer}.weight"].Data);
        Assert.Same(file[$"{row.Module}.bias"].Data, imported.Weights[$"{row.Layer}.bias"].Data);
        Assert.Contains(imported.Report.Filled, tensor => tensor.Name == $"{row.Layer}.weight" && tensor.Source == $"{row.Module}.weight");
    });

    private static string Text(params int[] shape) => string.Join('x', shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
}
