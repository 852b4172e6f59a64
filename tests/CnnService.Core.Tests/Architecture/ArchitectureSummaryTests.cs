using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Architecture;

public sealed class ArchitectureSummaryTests
{
    [Fact]
    public void Of_SmallNetwork_CountsByHand()
    {
        var summary = ArchitectureSummary.Create(Some.Network(
            new Conv2dLayer { Name = "conv", Filters = 6, KernelSize = new(3, 5), Strides = new(2, 1), Groups = 3 },
            new BatchNormalizationLayer { Name = "norm" },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output", UseBias = false }));

        Assert.Equal([3, 8, 8], summary.Input);
        Assert.Equal(["conv", "norm", "flat", "output"], summary.Layers.Select(layer => layer.Name));
        Assert.Equal(["conv2d", "batchNormalization", "flatten", "dense"], summary.Layers.Select(layer => layer.Type));
        Assert.Equal([[6, 3, 4], [6, 3, 4], [72], [1]], summary.Layers.Select(layer => layer.OutputShape));
        Assert.Equal([(6 * 1 * 15) + 6, 12, 0, 72], summary.Layers.Select(layer => layer.Parameters));
        Assert.Equal([6 * 15 * 12, 0, 0, 72], summary.Layers.Select(layer => layer.MultiplyAdds));
        Assert.Equal(new(180, 1152, 720, 4 * (192 + 72 + 72 + 72 + 1)), summary.Totals);
    }

    [Fact]
    public void Of_SmallNetwork_ReadsAsJson()
    {
        var summary = ArchitectureSummary.Create(Some.Network(
            new Conv2dLayer { Name = "conv", Filters = 6, KernelSize = new(3, 5) }, new FlattenLayer(), new DenseLayer()));

        using var json = JsonDocument.Parse(JsonSerializer.Serialize(summary, CoreJson.Options));

        Assert.Equal(
            """{"name":"conv","type":"conv2d","inputs":["input"],"outputShape":[6,6,4],"parameters":276,"multiplyAdds":6480,"receptiveField":[3,5],"jump":[1,1]}""",
            json.RootElement.GetProperty("layers")[0].GetRawText());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("layers")[2].GetProperty("receptiveField").ValueKind);
    }
}
