using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Networks;

namespace CnnService.Core.Tests.Drawing.Networks;

public sealed class NetworkDrawingTests
{
    private static readonly Color Convolution = Color.FromRgb(0x6BAED6);

    public static TheoryData<string> Presets => [.. PresetCatalog.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Draw_EveryPreset_FitsAScreen(string name)
    {
        PresetCatalog.TryFind(name, out var preset);
        var image = NetworkDrawing.Draw(Some.Preset(name, preset!.DefaultClasses), name);

        Assert.InRange(image.Width, 400, 1450);
        Assert.InRange(image.Height, 200, 1000);
    }

    [Fact]
    public void Draw_Chain_FrontsAreAsHighAsTheirMapsAndAsWideAsTheirChannels()
    {
        var network = Some.Network(Some.Headed(
            new(64, 64, 3),
            new Conv2dLayer { Name = "a", Filters = 7, KernelSize = new(1, 1) },
            new MaxPooling2dLayer { Name = "p" },
            new Conv2dLayer { Name = "b", Filters = 63, KernelSize = new(1, 1) }));

        var fronts = Fronts(NetworkDrawing.Draw(network, "n"));

        // 4 pixels and 5 a doubling of 1 + channels; 8 pixels and 124 times (rows / rows of the image)^0.6; an edge of 1 all round.
        Assert.Equal([(4 + (5 * 3) - 2, 132 - 2), (4 + (5 * 6) - 2, 8 + (int)Math.Round(124 * Math.Pow(0.5, 0.6)) - 2)], fronts);
    }

    [Fact]
    public void Draw_LongChain_Wraps()
    {
        LayerSpec[] layers = [.. Enumerable.Range(0, 40).Select(i => new Conv2dLayer
        {
            Name = $"conv_{i}",
            Filters = 8,
            KernelSize = new(1, 1),
        })];

        var image = NetworkDrawing.Draw(Some.Network(Some.Headed(Some.Image, layers)), "long");

        Assert.InRange(image.Width, 1000, 1450);
        Assert.True(image.Height > 3 * 200);
    }

    [Fact]
    public void Draw_Branch_HasALineBesideTheRowsItSkips()
    {
        var network = Some.Network(Some.Headed(
            Some.Image,
            new Conv2dLayer { Name = "a", Filters = 3, KernelSize = new(1, 1) },
            new Conv2dLayer { Name = "b", Filters = 3, KernelSize = new(1, 1) },
            new AddLayer { Name = "sum", Inputs = ["a", "b"] }));

        var image = NetworkDrawing.Draw(network, "branch");

        // From row a (1) to row sum (3), 16 pixels a row, less 2 at either end.
        var line = Color.FromRgb(0xD9480F);
        var longest = Enumerable.Range(0, image.Width).Max(x => Enumerable.Range(0, image.Height).Count(y => At(image, x, y) == line));
        Assert.Equal((2 * 16) - 4 + 1, longest);
    }

    [Fact]
    public void Draw_MoreLayersThanCanBeLookedAt_IsRefused()
    {
        LayerSpec[] layers = [.. Enumerable.Range(0, NetworkDrawing.MaxLayers).Select(i => new ActivationLayer { Name = $"a{i}" })];
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkDrawing.Draw(Some.Network(Some.Headed(Some.Image, layers)), "n"));
    }

    [Fact]
    public void Draw_ManyConnections_ShareTheOutermostLane()
    {
        LayerSpec[] layers =
        [
            .. Enumerable.Range(0, 60).Select(i => new Conv2dLayer
            {
                Name = $"c{i}",
                Filters = 1,
                KernelSize = new(1, 1),
                Inputs = ["input"],
            }),
            new ConcatenateLayer { Name = "all", Inputs = [.. Enumerable.Range(0, 60).Select(i => $"c{i}")] },
        ];
        Assert.InRange(NetworkDrawing.Draw(Some.Network(Some.Headed(Some.Image, layers)), "n").Width, 300, 900);
    }

    [Theory]
    [InlineData("conv 7x7/2", 7, 2, ActivationKind.Linear)]
    [InlineData("conv 3x3 leakyRelu", 3, 1, ActivationKind.LeakyRelu)]
    public void Kind_Convolution_TellsKernelStrideAndActivation(string text, int kernel, int stride, ActivationKind activation) =>
    Assert.Equal(
        text, LayerText.Kind(new Conv2dLayer { KernelSize = new(kernel, kernel), Strides = new(stride, stride), Activation = activation }));

    /// <summary>Size of the areas of the front's colour, from left to right.</summary>
    private static List<(int Width, int Height)> Fronts(PixelBuffer image)
    {
        var columns = Enumerable.Range(0, image.Width)
            .Select(x => Enumerable.Range(0, image.Height).Count(y => At(image, x, y) == Convolution)).ToArray();
        List<(int Width, int Height)> fronts = [];
        for (var x = 1; x < columns.Length; x++)
        {
            if (columns[x] > 0 && columns[x - 1] == 0)
            {
                fronts.Add((columns.Skip(x).TakeWhile(count => count > 0).Count(), columns[x]));
            }
        }

        return fronts;
    }

    private static Color At(PixelBuffer image, int x, int y) => new(image.Pixel(x, y)[0], image.Pixel(x, y)[1], image.Pixel(x, y)[2]);
}
