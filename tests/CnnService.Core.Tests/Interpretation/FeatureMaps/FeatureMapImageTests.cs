using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.FeatureMaps;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Interpretation.FeatureMaps;

public sealed class FeatureMapImageTests
{
    private readonly RampReader _reader = new();
    private readonly LoadedModel _model = SomeModel.Create();
    private readonly PixelBuffer _image = new(8, 8, 3);
    private readonly FeatureMapRequest _request = new();
    private readonly FeatureMapPipeline _pipeline;

    public FeatureMapImageTests() => _pipeline = new(_reader);

    [Fact]
    public void FeatureMap_Ramp_IsTheFormulaOfTheArticleInViridisAndWholePixels()
    {
        var image = Draw(_model, "conv", 2, null, _image, new() { Scale = FeatureMapScale.Filter }).Value;

        var shape = Assert.Single(Laid.Out(image.Figure).All<ImageShape>());
        Assert.Equal((RampReader.Side, RampReader.Side, false), (shape.Image.Width, shape.Image.Height, shape.IsSmooth));
        Assert.True(shape.Width >= 128 && shape.Width % RampReader.Side == 0 && shape.Height == shape.Width);
        const int cells = RampReader.Side * RampReader.Side;
        var deviation = Math.Sqrt(((cells * cells) - 1) / 12.0); // Of 0, 1, …, n-1.
        for (var y = 0; y < RampReader.Side; y++)
        {
            for (var x = 0; x < RampReader.Side; x++)
            {
                var step = (y * RampReader.Side) + x;
                var value = (byte)Math.Clamp(Math.Floor((64 * (step - ((cells - 1) / 2.0)) / deviation) + 128), 0, 255);
                Assert.Equal(Colormap.Viridis[value].ToArray(), shape.Image.Pixel(x, y).ToArray());
            }
        }
    }

    [Fact]
    public void FeatureMap_OverItsImage_LaysEachCellWhereItsFieldLies()
    {
        Array.Fill(_image.Data, (byte)100);
        _image.Data[0] = 0; // The ramp begins at this value; green is compared below.
        var over = new FeatureMapRequest { OverImage = true, Scale = FeatureMapScale.MinMax, Colors = ColormapName.Gray };

        var laid = Assert.Single(Draw(_model, "conv", 2, null, _image, over).Value.Images());
        Assert.Equal((8, 8), (laid.Width, laid.Height));
        for (var y = 0; y < 8; y++)
        {
            for (var x = 0; x < 8; x++)
            {
                // A kernel of 3x3 without padding: the first cell has its centre at the second pixel; before the first and behind the last
                // it is repeated.
                var step = (Math.Clamp(y - 1, 0, RampReader.Side - 1) * RampReader.Side)
                    + Math.Clamp(x - 1, 0, RampReader.Side - 1);
                var map = Math.Round(255.0 * step / ((RampReader.Side * RampReader.Side) - 1), MidpointRounding.AwayFromZero);
                var opacity = 0.75 * Math.Min(1, 2 * map / 255); // No activation leaves the image as it is.
                Assert.Equal(((1 - opacity) * 100) + (opacity * map), laid.Pixel(x, y)[1], 1.0);
            }
        }

        Assert.NotEqual(Draw(_model, "conv", 2, null, _image, over with { OverImage = false }).Value.ETag,
            Draw(_model, "conv", 2, null, _image, over).Value.ETag);
    }

    [Fact]
    public void FeatureMap_OfWhatHasNoPlace_IsRefusedOverTheImage() => Assert.Equal(
        "request.invalid", Draw(_model, "output", 0, null, _image, new() { OverImage = true }).Problem?.Code);

    [Fact]
    public void FeatureMapGrid_AllFilters_HoldsTheSameTilesAsAlone()
    {
        var grid = Draw(_model, "conv", 0, 8, _image, _request).Value;

        var tiles = grid.Images(); // Behind them the colour bar.
        Assert.Equal(SomeModel.Filters + 1, tiles.Count);
        for (var i = 0; i < SomeModel.Filters; i++)
        {
            Assert.Equal(Assert.Single(Draw(_model, "conv", i, null, _image, _request).Value.Images()).Data, tiles[i].Data);
        }

        Assert.Equal("0", grid.Told()["silent"]);
    }

    [Fact]
    public void FeatureMap_ScaleAndColours_AreAsAsked()
    {
        byte[] Corner(FeatureMapScale scale) => Assert.Single(
            Draw(_model, "conv", 2, null, _image, new() { Scale = scale, Colors = ColormapName.Gray }).Value.Images())
            .Pixel(RampReader.Side - 1, RampReader.Side - 1).ToArray();

        Assert.Equal(new byte[] { 255, 255, 255 }, Corner(FeatureMapScale.MinMax));
        Assert.Equal(new byte[] { 128, 128, 128 }, Corner(FeatureMapScale.Layer)); // Half of filter 4's largest.
    }

    /// <summary>By default no activation is the darkest colour, whatever the map's mean is.</summary>
    [Fact]
    public void FeatureMap_ByDefault_ShowsNoActivationAsTheDarkestColour()
    {
        var tiles = Draw(_model, "conv", 0, 3, _image, _request).Value;

        Assert.All(Enumerable.Range(0, RampReader.Side * RampReader.Side), i => Assert.Equal(
            Colormap.Viridis[0].ToArray(), tiles.Images()[0].Pixel(i % RampReader.Side, i / RampReader.Side).ToArray()));
        Assert.Equal(Colormap.Viridis[0].ToArray(), tiles.Images()[2].Pixel(0, 0).ToArray());
        Assert.Contains("silent: 0 everywhere", string.Join(' ', Laid.Out(tiles.Figure).Texts()), StringComparison.Ordinal);
    }

    [Fact]
    public void FeatureMap_SameRequest_GivesTheSameBytesAndTag()
    {
        var one = Draw(_model, "conv", 1, null, _image, _request).Value;
        var two = Draw(_model, "conv", 1, null, _image, _request).Value;

        Assert.Equal(one.Images()[0].Data, two.Images()[0].Data);
        Assert.Equal(one.ETag, two.ETag);
    }

    [Fact]
    public void FeatureMap_OtherImageModelOrScale_HasAnotherTag()
    {
        var brighter = new PixelBuffer(8, 8, 3);
        brighter.Data[100] = 1;
        string[] tags =
        [
            Tag(_model, _image, _request),
            Tag(_model, brighter, _request),
            Tag(SomeModel.Create(weightsHash: "ff"), _image, _request),
            Tag(_model, _image, new() { Scale = FeatureMapScale.Layer }),
            Tag(_model, _image, new() { Colors = ColormapName.Gray }),
        ];

        Assert.Equal(tags.Length, tags.Distinct().Count());
    }

    [Fact]
    public void FeatureMap_UnknownNames_AreNotFound()
    {
        Assert.Equal("layer.not-found", Draw(_model, "flat", 0, null, _image, _request).Problem!.Code);
        Assert.Equal("filter.not-found", Draw(_model, "conv", 5, 8, _image, _request).Problem!.Code);
    }

    /// <summary>Each filter of the ramp is steeper than the one before.</summary>
    [Fact]
    public void FeatureMapGrid_ByStrength_HasTheLargestMeanFirst()
    {
        var numbers = _pipeline.Numbers(Plan(_model, "conv", 1, 2, new() { ByStrength = true }).Value, _image).Value;
        var grid = Draw(_model, "conv", 1, 2, _image, new() { ByStrength = true }).Value;

        Assert.Equal([SomeModel.Filters - 2, SomeModel.Filters - 3], numbers.Maps.Select(map => map.Filter));
        Assert.Equal($"{SomeModel.Filters - 2},{SomeModel.Filters - 3}", grid.Told()["filters"]);
    }

    /// <summary>The network's convolution has its activation function as a layer behind it.</summary>
    [Fact]
    public void FeatureMap_OfAConvolution_IsTakenBehindItsActivation_OrBeforeItWhereAsked()
    {
        var after = Draw(_model, "conv", 1, null, _image, _request).Value;
        var asked = _reader.Asked;
        var before = Draw(_model, "conv", 1, null, _image, new() { BeforeActivation = true }).Value;

        Assert.Equal(("relu", false), asked);
        Assert.Equal(("conv", true), _reader.Asked);
        Assert.NotEqual(after.ETag, before.ETag);
        Draw(_model, "pool", 1, null, _image, _request);
        Assert.Equal(("pool", false), _reader.Asked);
    }

    [Fact]
    public void FeatureMapNumbers_Ramp_AreItsFigures()
    {
        var numbers = _pipeline.Numbers(Plan(_model, "conv", 0, 3, _request).Value, _image).Value;

        Assert.Equal([SomeModel.Filters, RampReader.Side, RampReader.Side], numbers.Shape);
        Assert.Equal([0], numbers.SilentFilters);
        const int cells = RampReader.Side * RampReader.Side;
        Assert.Equal(1.0 / SomeModel.Filters, numbers.Sparsity.Silent, 1e-12);
        // All of the first, and the first cell of the others.
        Assert.Equal((double)(cells + SomeModel.Filters - 1) / (cells * SomeModel.Filters), numbers.Sparsity.Zeros, 1e-12);
        var map = numbers.Maps[2];
        Assert.Equal((2, 0, 2 * (cells - 1), cells - 1, 1.0 / cells), (map.Filter, map.Min, map.Max, map.Mean, map.ZeroShare));
        Assert.Equal(2 * Math.Sqrt(((cells * cells) - 1) / 12.0), map.StandardDeviation, 1e-9);
        Assert.Equal([0f, 2, 4, 6, 8, 10], map.Values[0]);
    }

    [Fact]
    public void FeatureMapFile_AsFloats_HoldsTheMapsInTheirOrder()
    {
        var bytes = _pipeline.File(Plan(_model, "conv", 1, 2, _request).Value, _image, asNpy: false).Value;
        var npy = _pipeline.File(Plan(_model, "conv", 1, 2, _request).Value, _image, asNpy: true).Value;

        const int cells = RampReader.Side * RampReader.Side;
        Assert.Equal(2 * cells * sizeof(float), bytes.Length);
        Assert.Equal(2f * (cells - 1), BitConverter.ToSingle(bytes, bytes.Length - sizeof(float)));
        Assert.Equal(bytes, npy[^bytes.Length..]);
        Assert.Contains("'shape': (2, 6, 6)", System.Text.Encoding.ASCII.GetString(npy, 0, 128), StringComparison.Ordinal);
    }

    [Fact]
    public void FeatureMapGrid_OnOneScale_HasABarFromTheDarkestToTheBrightest()
    {
        var scene = Laid.Out(Draw(_model, "conv", 0, 8, _image, new() { Scale = FeatureMapScale.Layer }).Value.Figure);

        var bar = scene.All<ImageShape>()[^1];
        var largest = (SomeModel.Filters - 1) * ((RampReader.Side * RampReader.Side) - 1);
        Assert.Equal(bar.X, scene.All<TextShape>().Last(text => text.Text == "0").X, 1e-9);
        Assert.Equal(bar.X + bar.Width, scene.Text(AxisTicks.Short(largest)).X, 1e-9);
    }

    [Fact]
    public void FeatureMapGrid_Columns_AreAsAsked()
    {
        int Rows(FeatureMapRequest request) => Laid.Out(Draw(_model, "conv", 0, 4, _image, request).Value.Figure).All<ImageShape>()
            .SkipLast(1).Select(tile => tile.Y).Distinct().Count();

        Assert.Equal((2, 1), (Rows(new() { Columns = 2 }), Rows(_request)));
        Assert.Equal(["columns"], Draw(_model, "conv", 0, 4, _image, new() { Columns = 33 }).Problem!.Errors.Keys);
    }

    [Fact]
    public void FeatureMapSheet_HasARowForTheFirstConvolutionOfEachSize()
    {
        var sheet = _pipeline.RenderSheet(SheetPlan(_request), _image).Value;
        var sparsity = _pipeline.Sparsity(SheetPlan(_request), _image).Value;

        Assert.Equal("conv", sheet.Told()["layers"]);
        Assert.Equal("conv", Assert.Single(sparsity).Layer);
        Assert.NotEqual(sheet.ETag, _pipeline.RenderSheet(SheetPlan(new() { Colors = ColormapName.Gray }), _image).Value.ETag);
    }

    private static Outcome<FeatureMapPlan> Plan(LoadedModel model, string layer, int offset, int? count, FeatureMapRequest request) =>
        FeatureMapPlan.Create(model, layer, offset, count, request);

    private Outcome<DrawnFigure> Draw(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer image, FeatureMapRequest request) =>
        Plan(model, layer, offset, count, request).Bind(plan => _pipeline.Render(plan, image));

    private FeatureMapSheetPlan SheetPlan(FeatureMapRequest request) => FeatureMapSheetPlan.Create(_model, request).Value;

    private string Tag(LoadedModel model, PixelBuffer image, FeatureMapRequest request) =>
        Draw(model, "conv", 1, null, image, request).Value.ETag;
}
