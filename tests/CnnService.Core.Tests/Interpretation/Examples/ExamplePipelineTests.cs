using CnnService.Core.Interpretation.Examples;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Interpretation.Examples;

/// <summary>
/// Images whose pixels are their number, read by ramps: filter f answers with 35 f and the number at most, at the last cell of its map.
/// </summary>
public sealed class ExamplePipelineTests : IDisposable
{
    private const int Images = 40;

    private readonly LoadedModel _model = SomeModel.Create();
    private readonly LayerScanner _scanner = new(new RampReader(), SomeImages.Cache(Images));

    public void Dispose() => _scanner.Dispose();

    [Fact]
    public async Task GetOrRender_OfAFilter_GivesTheStrongestWithoutNearCopies()
    {
        var sheet = await RenderAsync(Plan(offset: 2, filters: 1, count: 3));

        // Two images differ by a third of the difference of their numbers (one channel of three): 4 levels from 12 numbers on.
        var row = Assert.Single(sheet.Filters);
        Assert.Equal(2, row.Filter);
        Assert.Equal(["image-39", "image-27", "image-15"], row.Examples.Select(example => example.Image));
        Assert.Equal([39, 27, 15], row.Examples.Select(example => example.Place));
        Assert.Equal([70 + 39, 70 + 27, 70 + 15], row.Examples.Select(example => example.Value));
    }

    [Fact]
    public async Task GetOrRender_ItsBox_IsTheReceptiveFieldOfTheCell()
    {
        var example = (await RenderAsync(Plan(offset: 1, filters: 1, count: 1))).Filters[0].Examples[0];

        // A 3x3 convolution without padding: the cell of row and column 5 sees rows and columns 5 to 7.
        Assert.Equal([5, 5], example.Cell);
        Assert.Equal(new FieldBox(5, 5, 3, 3), example.Box);
    }

    [Fact]
    public async Task GetOrRender_FewerThanAskedFor_GivesThoseThatThereAre()
    {
        var sheet = await RenderAsync(Plan(offset: 1, filters: 2, count: ExampleRequest.MaxCount));

        Assert.Equal([1, 2], sheet.Filters.Select(row => row.Filter));
        Assert.All(sheet.Filters, row => Assert.Equal([39, 27, 15, 3], row.Examples.Select(example => example.Place)));
        Assert.Equal(8, sheet.Drawn.Images().Count);
    }

    [Fact]
    public async Task GetOrRender_AFilterThatNothingExcites_SaysSo()
    {
        using var scanner = new LayerScanner(new RampReader(), SomeImages.Cache(1));
        var plan = ExamplePlan.Create(_model, "relu", SomeImages.Source(1), new(0, 1)).Value;

        var sheet = (await new ExamplePipeline(scanner, SomeImages.Cache(1))
            .GetOrRenderAsync(plan, TestContext.Current.CancellationToken)).Value;

        Assert.Empty(Assert.Single(sheet.Filters).Examples);
        Assert.Contains("No image excites it.", Laid.Out(sheet.Drawn.Figure).Texts());
    }

    [Fact]
    public async Task Find_AnswersOnceTheLayerIsScanned()
    {
        var pipeline = new ExamplePipeline(_scanner, SomeImages.Cache(Images));
        var (one, other) = (Plan(offset: 0, filters: 1, count: 2), Plan(offset: 3, filters: 2, count: 5));

        Assert.Null(pipeline.Find(one, TestContext.Current.CancellationToken));
        await RenderAsync(one);

        Assert.Equal([3, 4], pipeline.Find(other, TestContext.Current.CancellationToken)!.Value.Filters.Select(row => row.Filter));
    }

    [Theory]
    [InlineData("relu", 0, 0, "request.invalid")]
    [InlineData("relu", 0, ExampleRequest.MaxCount + 1, "request.invalid")]
    [InlineData("relu", SomeModel.Filters, 1, "filter.not-found")]
    [InlineData("nowhere", 0, 1, "layer.not-found")]
    public void Create_WhatThereIsNot_IsRefused(string layer, int offset, int count, string code) => Assert.Equal(
        code, ExamplePlan.Create(_model, layer, SomeImages.Source(Images), new(offset, 1, count)).Problem?.Code);

    private ExamplePlan Plan(int offset, int filters, int count) =>
        ExamplePlan.Create(_model, "relu", SomeImages.Source(Images), new(offset, filters, count)).Value;

    private async Task<ExampleSheet> RenderAsync(ExamplePlan plan) =>
        (await new ExamplePipeline(_scanner, SomeImages.Cache(Images)).GetOrRenderAsync(plan, TestContext.Current.CancellationToken)).Value;
}
