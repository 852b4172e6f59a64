using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Patterns;
using CnnService.Core.Models;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Interpretation.Patterns;

public sealed class PatternPipelineTests : IDisposable
{

    private readonly PatternPainter _painter = new() { Dead = 3 };
    private readonly MemoryImageCache _cache = new();
    private readonly LoadedModel _model = SomeModel.Create();
    private readonly PatternRequest _request = new() { Seed = 9 };
    private readonly PatternTileCache _tiles;
    private readonly PatternPipeline _pipeline;

    public PatternPipelineTests()
    {
        _tiles = new(_painter, _cache);
        _pipeline = new(_tiles);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pipeline.Dispose();
        _tiles.Dispose();
        _painter.Dispose();
    }

    [Theory]
    [InlineData("conv_9")]
    [InlineData("drop")]
    [InlineData("flat")]
    public async Task PatternAsync_UnknownLayer_NamesThoseThatExist(string layer)
    {
        var problem = (await DrawAsync(_model, layer, 0, null, _request, Cancel)).Problem;

        Assert.Equal((ProblemKind.NotFound, "layer.not-found"), (problem!.Kind, problem.Code));
        Assert.Contains("conv, relu, pool, output", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(new[] { "conv", "relu", "pool", "output" }, problem.Data["layers"]);
        Assert.Equal(problem.Code, TagOf(_model, layer, 0, null, _request).Problem!.Code);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public async Task PatternAsync_FilterOutOfRange_TellsTheRange(int filter)
    {
        var problem = (await DrawAsync(_model, "conv", filter, null, _request, Cancel)).Problem;

        Assert.Equal((ProblemKind.NotFound, "filter.not-found"), (problem!.Kind, problem.Code));
        Assert.Contains("0 to 4", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PatternAsync_ValuesOutOfRange_NamesEachAndRendersNothing()
    {
        var request = _request with { Iterations = 15, Size = 513, Seed = -1 };

        var problem = (await DrawAsync(_model, "conv", 0, null, request, Cancel)).Problem;

        Assert.Equal(ProblemKind.Invalid, problem!.Kind);
        Assert.Equal(["iterations", "seed", "size"], problem.Errors.Keys);
        Assert.Empty(_painter.Calls);
    }

    [Fact]
    public async Task PatternAsync_VariationOutOfRange_NamesEach()
    {
        async Task<IEnumerable<string>> FieldsAsync(PatternRequest request) =>
            (await DrawAsync(_model, "conv", 0, null, request, Cancel)).Problem!.Errors.Keys;

        Assert.Equal(["decay", "direction", "diversity"], await FieldsAsync(_request with { Decay = 2.1, Direction = 0, Diversity = 5 }));
        Assert.Equal(["decay"], await FieldsAsync(_request with { Decay = double.NaN }));
        Assert.Equal(["decay"], await FieldsAsync(_request with { Decay = 0, InPixels = true }));
        Assert.Equal(
            ["colors", "decay", "decorrelate", "diversity", "fourier", "transforms"],
            await FieldsAsync(
                _request with
                {
                    Method = PatternMethod.Quick,
                    Decay = 0,
                    Decorrelates = false,
                    Colors = new double[9],
                    Diversity = 2,
                    InPixels = true,
                    Transforms = PatternTransforms.None
                }));
        Assert.Empty(_painter.Calls);
    }

    [Fact]
    public async Task PatternAsync_Variants_AreASheet_AndTheirTilesAreKept()
    {
        var alone = (await DrawAsync(_model, "conv", 2, null, _request, Cancel)).Value;
        var two = (await DrawAsync(_model, "conv", 2, null, _request with { Diversity = 2 }, Cancel)).Value;
        var again = (await DrawAsync(_model, "conv", 2, null, _request with { Diversity = 2 }, Cancel)).Value;

        Assert.Equal([2, 2], _painter.Calls);
        Assert.Same(two, again);
        Assert.Equal([(2, 0), (2, 1)], two.Figures.Select(figures => (figures.Filter, figures.Variant)));
        Assert.Equal(alone.Figures[0], two.Figures[0]);
        Assert.Equal(2, two.Images().Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public async Task PatternGridAsync_CountOutOfRange_IsInvalid(int count) =>
        Assert.Equal(["count"], (await DrawAsync(_model, "conv", 0, count, _request, Cancel)).Problem!.Errors.Keys);

    [Fact]
    public async Task PatternAsync_Filter_IsTheRenderersImageWithItsFigures()
    {
        var image = (await DrawAsync(_model, "conv", 2, null, _request, Cancel)).Value;

        Assert.Equal(PatternPainter.Image(2, 9).Data, Assert.Single(image.Images()).Data);
        Assert.True(image.Figure.IsBare);
        var settings = new PatternSettings(PatternMethod.Natural, PatternObjective.Channel, 1, PatternTransforms.Robust, "natural", 1,
            null);
        Assert.Equal([new PatternFigures(2, 2.25, 0.125, 0.0625, 256, 12, 9, PatternStatus.Ok) { Settings = settings }], image.Figures);
        Assert.Equal(
            "activation=2.25 filter=2 iterations=256 layer=conv model=cats:3 noiseActivation=0.0625 "
                + "seed=9 settings={\"method\":\"natural\",\"objective\":\"channel\",\"direction\":1,"
                + "\"transforms\":\"robust\",\"colors\":\"natural\",\"decay\":1} "
                + "size=12 startActivation=0.125 status=ok",
            string.Join(' ', image.Told().OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.Equal(("conv", 256, new Size2(64, 64)), (_painter.LastJob!.Layer.Name, _painter.LastJob.Iterations, _painter.LastJob.Size));
    }

    [Fact]
    public async Task PatternGridAsync_PastTheEnd_HoldsTheSameTilesAsAlone()
    {
        var tiles = Laid.Out((await DrawAsync(_model, "conv", 1, 8, _request, Cancel)).Value.Figure).All<ImageShape>();

        var dead = 0;
        for (var i = 0; i < 4; i++)
        {
            var alone = (await DrawAsync(_model, "conv", 1 + i, null, _request, Cancel)).Value;
            var isDead = alone.Figures[0].Status == PatternStatus.Dead; // Said in words instead of shown.
            dead += isDead ? 1 : 0;
            if (!isDead)
            {
                Assert.Equal(Assert.Single(alone.Images()).Data, tiles[i - dead].Image.Data);
                Assert.True(tiles[i - dead] is { Width: >= 128, IsSmooth: true });
            }
        }

        Assert.Equal([1, 2, 3, 4], _painter.Calls.Order()); // Alone they came from the cache.
    }

    [Fact]
    public async Task PatternAsync_DeadFilter_IsSaidInWordsInsteadOfShown()
    {
        var image = (await DrawAsync(_model, "conv", 3, 1, _request, Cancel)).Value;

        Assert.Empty(image.Images());
        Assert.Contains("dead: no image", string.Join(' ', Laid.Out(image.Figure).Texts()), StringComparison.Ordinal);
        Assert.Equal(PatternStatus.Dead, Assert.Single(image.Figures).Status);
    }

    [Fact]
    public async Task PatternGridAsync_SomeAreKept_RendersOnlyTheMissing()
    {
        await DrawAsync(_model, "conv", 1, null, _request, Cancel);
        var grid = (await DrawAsync(_model, "conv", 0, 4, _request, Cancel)).Value;
        var again = (await DrawAsync(_model, "conv", 0, 4, _request, Cancel)).Value;

        Assert.Equal([1, 0, 2, 3], _painter.Calls.Take(1).Concat(_painter.Calls.Skip(1).Order()));
        Assert.Same(grid, again);
        Assert.Equal([0, 1, 2, 3], grid.Figures.Select(figures => figures.Filter));
        Assert.Equal(grid.Figures, again.Figures);
    }

    [Fact]
    public async Task PatternGridAsync_AskedForAgain_IsNotPutTogetherAnew()
    {
        var first = (await DrawAsync(_model, "conv", 0, 4, _request, Cancel)).Value;
        _cache.Kept.Clear();
        Assert.Same(first, (await DrawAsync(_model, "conv", 0, 4, _request, Cancel)).Value);
    }

    [Fact]
    public async Task PatternAsync_CacheHoldsNonsense_RendersAgain()
    {
        var image = (await DrawAsync(_model, "conv", 0, null, _request, Cancel)).Value;
        var (key, record) = Assert.Single(_cache.Kept);
        foreach (var nonsense in new[] { [], new byte[40], record[..^30], [.. record[..16], .. new byte[record.Length - 16]] })
        {
            _cache.Kept[key] = nonsense;
            using var fresh = new PatternPipeline(_tiles);
            var job = PatternJob.Create(_model, "conv", 0, null, _request).Value;
            Assert.Equal(image.Images()[0].Data, (await fresh.GetOrRenderAsync(job, Cancel)).Value.Images()[0].Data);
        }

        Assert.Equal(5, _painter.Calls.Count);
    }

    [Fact]
    public async Task PatternAsync_SameRequestAtOnce_IsRenderedOnce()
    {
        _painter.Hold();
        var requests = Enumerable.Range(0, 5).Select(_ => DrawAsync(_model, "conv", 0, null, _request, Cancel)).ToArray();
        _painter.LetGo();

        var images = await Task.WhenAll(requests);

        Assert.Single(_painter.Calls);
        Assert.All(images, image => Assert.Same(images[0].Value, image.Value));
    }

    [Fact]
    public async Task PatternGridAsync_ManyTiles_AsksForNoMoreAtOnceThanTheRendererDraws()
    {
        _painter.Hold();
        var grid = DrawAsync(_model, "conv", 0, 5, _request, Cancel);
        Assert.True(SpinWait.SpinUntil(() => _painter.Calls.Count == 2, TimeSpan.FromMinutes(10)));
        _painter.LetGo();
        await grid;

        Assert.Equal(5, _painter.Calls.Count);
        Assert.Equal(2, _painter.MostAtOnce);
    }

    [Fact]
    public async Task PatternAsync_WhileAGridDrawsTheSameFilter_JoinsIt()
    {
        _painter.Hold();
        var grid = DrawAsync(_model, "conv", 0, 2, _request, Cancel);
        Assert.True(SpinWait.SpinUntil(() => _painter.Calls.Count == 2, TimeSpan.FromMinutes(10)));
        var alone = DrawAsync(_model, "conv", 1, null, _request, Cancel);
        _painter.LetGo();
        await Task.WhenAll(grid, alone);

        Assert.Equal([0, 1], _painter.Calls.Order());
        Assert.Equal((await grid).Value.Figures[1], (await alone).Value.Figures[0]);
    }

    [Fact]
    public async Task PatternAsync_NobodyWaitsAnyMore_RenderingIsCancelled()
    {
        _painter.Hold();
        using var impatient = new CancellationTokenSource();
        var request = DrawAsync(_model, "conv", 0, null, _request, impatient.Token);
        Assert.True(SpinWait.SpinUntil(() => _painter.Calls.Count == 1, TimeSpan.FromMinutes(10)));

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.True(SpinWait.SpinUntil(() => _painter.WasCancelled, TimeSpan.FromMinutes(10)));
        _painter.LetGo();
        Assert.True((await DrawAsync(_model, "conv", 0, null, _request, Cancel)).Succeeded);
    }

    [Fact]
    public async Task PatternETag_WithoutRendering_IsThatOfTheImage()
    {
        var one = TagOf(_model, "conv", 2, null, _request).Value;
        var grid = TagOf(_model, "conv", 0, 3, _request).Value;

        Assert.Empty(_painter.Calls);
        Assert.Equal(one, (await DrawAsync(_model, "conv", 2, null, _request, Cancel)).Value.ETag);
        Assert.Equal(grid, (await DrawAsync(_model, "conv", 0, 3, _request, Cancel)).Value.ETag);
    }

    [Fact]
    public void PatternETag_AnythingTheImageDependsOn_ChangesIt()
    {
        string Tag(LoadedModel? model = null, string layer = "conv", int filter = 2, PatternRequest? request = null) =>
            TagOf(model ?? _model, layer, filter, null, request ?? _request).Value;

        List<string> tags =
        [
            Tag(),
            Tag(SomeModel.Create(weightsHash: "ab")),
            Tag(SomeModel.Create(onnxHash: "bc")),
            Tag(SomeModel.Create(name: "dogs")),
            Tag(SomeModel.Create(version: 4)),
            Tag(layer: "relu"),
            Tag(filter: 1),
            Tag(request: _request with { Seed = 10 }),
            Tag(request: _request with { Iterations = 128 }),
            Tag(request: _request with { Size = 96 }),
            Tag(request: _request with { Decay = 0.5 }),
            Tag(request: _request with { Transforms = PatternTransforms.Jitter }),
            Tag(request: _request with { Transforms = PatternTransforms.None }),
            Tag(request: _request with { Decorrelates = false }),
            Tag(request: _request with { Colors = [1, 0, 0, 0, 1, 0, 0, 0, 1] }),
            Tag(request: _request with { Colors = [1, 0, 0, 0, 1, 0, 0, 0, 0.5] }),
            Tag(request: _request with { InPixels = true }),
            Tag(request: _request with { OnGpu = true }),
            Tag(request: _request with { Objective = PatternObjective.Neuron }),
            Tag(request: _request with { Direction = -1 }),
            Tag(request: _request with { Diversity = 2 }),
            Tag(request: _request with { Diversity = 3 }),
            Tag(request: _request with { Method = PatternMethod.Quick, Iterations = 256 }),
            Tag(request: _request with { Method = PatternMethod.Article, Iterations = 256 }),
            TagOf(_model, "conv", 2, 1, _request).Value,
            TagOf(_model, "conv", 2, 2, _request).Value,
        ];

        Assert.Equal(tags.Count, tags.Distinct().Count());
    }

    [Fact]
    public void PatternETag_DefaultsWrittenOut_AreTheSameRequest()
    {
        var tag = TagOf(_model, "conv", 2, null, _request).Value;

        Assert.Equal(tag, TagOf(_model, "conv", 2, null, _request with { Iterations = 256, Size = 64 }).Value);
        Assert.Equal(
            TagOf(_model, "conv", 2, 3, _request).Value,
            TagOf(_model, "conv", 2, 60, _request).Value);
    }

    [Fact]
    public async Task PatternAsync_SameWeightsUnderAnotherName_SharesTheTile()
    {
        await DrawAsync(_model, "conv", 0, null, _request, Cancel);
        var other = await DrawAsync(SomeModel.Create(name: "copy"), "conv", 0, null, _request, Cancel);

        Assert.Single(_painter.Calls);
        Assert.Equal("copy:3", other.Value.Told()["model"]);
    }

    [Fact]
    public async Task PatternAsync_RendererRefuses_IsItsProblemAndNothingIsKept()
    {
        _painter.Refusal = new Problem(ProblemKind.Unavailable, "torch.unavailable", "None here.");
        var refused = await DrawAsync(_model, "conv", 0, 3, _request, Cancel);
        _painter.Refusal = null;
        var drawn = await DrawAsync(_model, "conv", 0, 3, _request, Cancel);

        Assert.Equal("torch.unavailable", refused.Problem?.Code);
        Assert.Equal(3, drawn.Value.Figures.Count);
    }

    private Task<Outcome<RenderedPatterns>> DrawAsync(
        LoadedModel model, string layer, int offset, int? count, PatternRequest request, CancellationToken cancel) =>
        PatternJob.Create(model, layer, offset, count, request).BindAsync(job => _pipeline.GetOrRenderAsync(job, cancel));

    private static Outcome<string> TagOf(LoadedModel model, string layer, int offset, int? count, PatternRequest request) =>
        PatternJob.Create(model, layer, offset, count, request).Map(job => job.ETag);
}
