using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;
using CnnService.Torch.Interpretation;
using TorchSharp;

namespace CnnService.Engine.Tests.Torch.Interpretation;

[Collection(TorchSuite.Name)]
public sealed class SnapshotMapsTests : IDisposable
{
    private readonly PatternBench _bench = new();
    private readonly RenderingSlots _slots = new(LoadedTorch.Runtime, LoadedTorch.Devices);
    private readonly SnapshotMaps _maps;

    public SnapshotMapsTests() => _maps = new(_slots);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _slots.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public void Read_FilterThatTakesOneColour_IsThatColourOfTheImage()
    {
        var kernel = new float[27];
        kernel[9 + 4] = 2; // The middle of the green plane, twice.
        var model = _bench.HandMade(ActivationKind.Relu, (kernel, -0.5f));
        var image = Image();

        var maps = Read(model, "conv", image);

        Assert.Equal((1, 62, 62), (maps.Channels, maps.Height, maps.Width));
        for (var i = 0; i < 62 * 62; i++)
        {
            var green = image.Pixel((i % 62) + 1, (i / 62) + 1)[1];
            Assert.Equal(Math.Max(0, (2 * green / 255f) - 0.5f), maps.Map(0)[i], 1e-5f);
        }
    }

    [Fact]
    public void Read_LayerOfVectors_HasOneCellAChannel()
    {
        var maps = Read(_bench.Small(), "dense", new(32, 32, 3));

        Assert.Equal((6, 1, 1), (maps.Channels, maps.Height, maps.Width));
    }

    [Fact]
    public void Read_SnapshotGone_SaysSo()
    {
        var gone = _bench.Small() with { Folder = "/nowhere/00003" };

        var problem = _maps.Read(gone, gone.Network.Find("conv_1")!, new(32, 32, 3), Cancel).Problem;

        Assert.Equal((ProblemKind.NotFound, LoadedModel.WeightsMissing), (problem!.Kind, problem.Code));
    }

    [Fact]
    public void Read_AgainAndAgain_LeavesNoTensors()
    {
        var model = _bench.Small();
        var first = Read(model, "conv_2", new(32, 32, 3));
        var before = torch.Tensor.TotalCount;

        Assert.Equal(first.Values.ToArray(), Read(model, "conv_2", new(32, 32, 3)).Values.ToArray());

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private LayerActivations Read(LoadedModel model, string layer, PixelBuffer image) =>
        _maps.Read(model, model.Network.Find(layer)!, image, Cancel).Value;

    private static PixelBuffer Image()
    {
        var image = new PixelBuffer(64, 64, 3);
        for (var i = 0; i < image.Data.Length; i++)
        {
            image.Data[i] = (byte)(i * 31);
        }

        return image;
    }
}
