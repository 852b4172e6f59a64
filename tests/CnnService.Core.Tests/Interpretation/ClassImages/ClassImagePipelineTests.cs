using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.ClassImages;
using CnnService.Core.Models;
using CnnService.Core.Tests.Drawing.Figures;
using CnnService.Core.Tests.Interpretation.Attribution;

namespace CnnService.Core.Tests.Interpretation.ClassImages;

/// <summary>Images of the painter, judged by a network whose logit is twice the image's first value (0–1).</summary>
public sealed class ClassImagePipelineTests : IDisposable
{
    private readonly PatternPainter _painter = new();
    private readonly PatternTileCache _tiles;
    private readonly ClassImagePipeline _pipeline;
    private readonly LoadedModel _model = Model(PatternPainter.Height, PatternPainter.Width);

    public ClassImagePipelineTests()
    {
        _tiles = new(_painter, new MemoryImageCache());
        _pipeline = new(_tiles, new LinearModel([2, .. new float[(PatternPainter.Height * PatternPainter.Width * 3) - 1]]));
    }

    public void Dispose()
    {
        _tiles.Dispose();
        _painter.Dispose();
    }

    [Theory]
    [InlineData("dog", 1)]
    [InlineData("1", 1)]
    [InlineData("cat", 0)]
    public async Task GetOrRender_OneClass_IsTheBareImageWithWhatTheNetworkSaysOfIt(string name, int index)
    {
        var (image, figures) = await RenderAsync(new() { Class = name, Pattern = new() { Seed = 90 } });

        var pixels = Assert.Single(image.Images());
        var logit = 2 * pixels.Data[0] / 255.0; // Of "dog"; that of "cat" is its negative.
        var dog = 1 / (1 + Math.Exp(-logit));
        var one = Assert.Single(figures);
        Assert.True(image.Figure.IsBare);
        Assert.Equal((index == 1 ? "dog" : "cat", index, "dog", 90), (one.Class, one.Index, one.Predicted, one.Seed));
        Assert.Equal(index == 1 ? logit : -logit, one.Logit!.Value, 1e-6);
        Assert.Equal(index == 1 ? dog : 1 - dog, one.Probability!.Value, 1e-6);
    }

    [Fact]
    public async Task GetOrRender_AllClasses_IsASheetThatNamesEach()
    {
        var (image, figures) = await RenderAsync(new() { Pattern = new() { Seed = 90 } });

        Assert.Equal(["cat", "dog"], figures.Select(one => one.Class));
        var texts = Laid.Out(image.Figure).Texts();
        Assert.Contains("cat", texts);
        Assert.Contains("dog", texts);
        Assert.Contains(texts, text => text.StartsWith("The inputs that maximize all 2 classes", StringComparison.Ordinal));
        Assert.Equal(2, image.Images().Count);
    }

    [Fact]
    public async Task GetOrRender_ANetworkOfAnotherInputSize_MeasuresNothingAndSaysSo()
    {
        var plan = ClassImagePlan.Create(Model(16, 16), new()).Value;

        var (image, figures) = (await _pipeline.GetOrRenderAsync(plan, TestContext.Current.CancellationToken)).Value;

        Assert.All(figures, one => Assert.Equal((null, null, null), (one.Probability, one.Logit, one.Predicted)));
        Assert.Contains(
            Laid.Out(image.Figure).Texts(), text => text.Contains("not measured", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Find_AnswersOnceEveryTileIsThere()
    {
        var (one, all) = (Plan(new() { Class = "cat" }), Plan(new()));

        Assert.Null(_pipeline.Find(all));
        await _pipeline.GetOrRenderAsync(one, TestContext.Current.CancellationToken);
        Assert.NotNull(_pipeline.Find(one));
        Assert.Null(_pipeline.Find(all));
        var drawn = await _pipeline.GetOrRenderAsync(all, TestContext.Current.CancellationToken);

        Assert.Equal(drawn.Value.Figures, _pipeline.Find(all)!.Value.Figures);
        Assert.Equal(2, _painter.Calls.Count); // The tile of "cat" is the sheet's too.
    }

    [Theory]
    [InlineData(null, -1, 8, "offset")]
    [InlineData(null, 2, 8, "offset")]
    [InlineData(null, 0, 0, "count")]
    [InlineData(null, 0, ClassImageRequest.MaxClasses + 1, "count")]
    public void Create_ClassesThatThereAreNot_NamesTheField(string? name, int offset, int count, string field) =>
        Assert.Equal([field], Problem(new() { Class = name, Offset = offset, Count = count }).Errors.Keys);

    [Theory]
    [InlineData("bird")]
    [InlineData("2")]
    [InlineData("-1")]
    public void Create_UnknownClass_NamesThoseThatThereAre(string name)
    {
        var problem = Problem(new() { Class = name });

        Assert.Equal((ProblemKind.NotFound, "class.not-found"), (problem.Kind, problem.Code));
        Assert.Contains("cat, dog", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_MoreThanThereAre_TakesTheRest() => Assert.Equal(
        [1], Plan(new() { Offset = 1, Count = 8 }).Jobs.Select(one => one.Class));

    [Fact]
    public void Tag_IsOfTheClassesAndOfTheSheet()
    {
        ClassImageRequest[] requests =
            [new(), new() { Class = "cat" }, new() { Class = "dog" }, new() { Count = 1 }, new() { Pattern = new() { Seed = 1 } }];

        Assert.Equal(requests.Length, requests.Select(request => Plan(request).ETag).Distinct().Count());
        Assert.Equal(Plan(new() { Class = "cat" }).ETag, Plan(new() { Class = "0" }).ETag);
    }

    private static LoadedModel Model(int height, int width)
    {
        var network = Some.Network(Some.Headed(new(height, width, 3), new Conv2dLayer { Name = "conv", Filters = 5 }));
        var model = SomeModel.Create();
        return new(model.Name, model.Version, "/nowhere", model.Manifest with { Network = network.Spec }, network);
    }

    private ClassImagePlan Plan(ClassImageRequest request) => ClassImagePlan.Create(_model, request).Value;

    private Problem Problem(ClassImageRequest request) => ClassImagePlan.Create(_model, request).Problem!;

    private async Task<(DrawnFigure Image, IReadOnlyList<ClassImageFigures> Figures)> RenderAsync(ClassImageRequest request) =>
        (await _pipeline.GetOrRenderAsync(Plan(request), TestContext.Current.CancellationToken)).Value;
}
