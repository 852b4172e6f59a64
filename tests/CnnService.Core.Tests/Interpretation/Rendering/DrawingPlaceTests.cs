using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.ClassImages;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Patterns;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Models;
using CnnService.Core.Tests.Interpretation.Attribution;
using CnnService.Core.Tests.Interpretation.Timelapse;

namespace CnnService.Core.Tests.Interpretation.Rendering;

/// <summary>Where patterns are drawn: on the GPU when it is free, and the same bytes as long as they are kept.</summary>
public sealed class DrawingPlaceTests : IDisposable
{
    private readonly PatternPainter _painter = new();
    private readonly MemoryImageCache _cache = new();
    private readonly SwitchedGpu _gpu = new();
    private readonly LoadedModel _model = SomeModel.Create();
    private readonly PatternTileCache _tiles;
    private readonly PatternPipeline _patterns;

    public DrawingPlaceTests()
    {
        _tiles = new(_painter, _cache, device: _gpu);
        _patterns = new(_tiles);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _patterns.Dispose();
        _tiles.Dispose();
        _painter.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Place_NothingDrawnYet_IsWhereThereIsRoomNow(bool isFree)
    {
        _gpu.IsGpuFree = isFree;
        var job = _patterns.Place(Job(2));

        var drawn = (await _patterns.GetOrRenderAsync(job, Cancel)).Value;

        Assert.Equal(isFree, _painter.LastJob!.Request.OnGpu);
        Assert.Equal(job.ETag, drawn.ETag);
        Assert.Equal(isFree, job.ETag != Job(2).ETag); // The tag of the processor is that of a service without a GPU.
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Place_DrawnBefore_StaysWhereItWasDrawn(bool first)
    {
        _gpu.IsGpuFree = first;
        var drawn = (await _patterns.GetOrRenderAsync(_patterns.Place(Job(2)), Cancel)).Value;
        _gpu.IsGpuFree = !first;

        Assert.Equal(drawn.ETag, _patterns.Place(Job(2)).ETag);
        Assert.Same(drawn, (await _patterns.GetOrRenderAsync(_patterns.Place(Job(2)), Cancel)).Value);
        Assert.Single(_painter.Calls);
    }

    [Fact]
    public async Task Place_WhileItIsDrawn_StaysWhereItIsDrawn()
    {
        _painter.Hold();
        var drawing = _patterns.GetOrRenderAsync(_patterns.Place(Job(2)), Cancel);
        Assert.True(SpinWait.SpinUntil(() => _painter.Calls.Count == 1, TimeSpan.FromMinutes(10)));
        _gpu.IsGpuFree = false;

        var again = _patterns.Place(Job(2)); // As one who polls asks.
        _painter.LetGo();

        Assert.True(again.Request.OnGpu);
        Assert.Equal(again.ETag, (await drawing).Value.ETag);
        Assert.False(_patterns.Place(Job(1)).Request.OnGpu);
    }

    [Fact]
    public async Task Place_NoLongerCached_IsDrawnAnewUnderAnotherTag()
    {
        var before = (await _patterns.GetOrRenderAsync(_patterns.Place(Job(2)), Cancel)).Value;
        _cache.Kept.Clear();
        _gpu.IsGpuFree = false;

        var after = (await _patterns.GetOrRenderAsync(_patterns.Place(Job(2)), Cancel)).Value;

        Assert.NotEqual(before.ETag, after.ETag);
        Assert.False(_painter.LastJob!.Request.OnGpu);
    }

    [Fact]
    public async Task Place_AGridOfTilesOfTwoDevices_IsOfOne()
    {
        await _patterns.GetOrRenderAsync(_patterns.Place(Job(0)), Cancel);
        _gpu.IsGpuFree = false;
        await _patterns.GetOrRenderAsync(_patterns.Place(Job(1)), Cancel);

        var grid = _patterns.Place(PatternJob.Create(_model, "conv", 0, 3, new()).Value);
        await _patterns.GetOrRenderAsync(grid, Cancel);

        Assert.False(grid.Request.OnGpu);
        Assert.Equal([0, 1, 0, 2], _painter.Calls.Take(2).Concat(_painter.Calls.Skip(2).Order())); // The first anew, on the processor.
    }

    [Fact]
    public async Task Place_WithoutAGpu_AsksNothingAndChangesNothing()
    {
        using var tiles = new PatternTileCache(_painter, _cache, device: new SwitchedGpu { HasGpu = false });
        using var patterns = new PatternPipeline(tiles);
        var job = Job(2);

        Assert.Same(job, patterns.Place(job));
        Assert.True((await patterns.GetOrRenderAsync(job, Cancel)).Succeeded);
    }

    [Fact]
    public async Task Place_ClassesAndFilms_AreOnOneDeviceToo()
    {
        using var some = new SomeTimelapse().Until(2);
        using var films = new TimelapsePipeline(_tiles, new NoMaps());
        var classes = new ClassImagePipeline(_tiles, new LinearModel([]));
        var (sheet, film) = (ClassImagePlan.Create(_model, new()).Value,
            TimelapsePlan.Create(some.Source(), new() { Layer = "conv", Filter = 2 }).Value);
        var map = TimelapsePlan.Create(some.Source(), new() { Layer = "conv", Filter = 2, Image = new(8, 8, 3) }).Value;

        Assert.NotEqual(sheet.ETag, classes.Place(sheet).ETag);
        Assert.NotEqual(film.ETag, films.Place(film).ETag);
        Assert.Equal(map.ETag, films.Place(map).ETag); // Feature maps are read on the processor.
        Assert.All(films.Place(film).Patterns, job => Assert.True(job.Request is { OnGpu: true, SharesStart: true }));
        await films.GetOrRenderAsync(films.Place(film), Cancel);
        _gpu.IsGpuFree = false;
        Assert.NotEqual(film.ETag, films.Place(film).ETag);
        Assert.Equal(sheet.ETag, classes.Place(sheet).ETag);
    }

    [Fact]
    public async Task GetOrRender_GpuWithoutTheMemory_IsToldToTheOneWhoDecides()
    {
        _painter.Refusal = new Problem(ProblemKind.Unavailable, IDrawingDevice.OutOfMemory, "no room");

        var problem = (await _patterns.GetOrRenderAsync(_patterns.Place(Job(2)), Cancel)).Problem;

        Assert.Equal(IDrawingDevice.OutOfMemory, problem?.Code);
        Assert.Equal(1, _gpu.GivenUp);
    }

    private PatternJob Job(int filter) => PatternJob.Create(_model, "conv", filter, null, new()).Value;

    private sealed class NoMaps : ISnapshotMaps
    {
        public Outcome<LayerActivations> Read(LoadedModel snapshot, ResolvedLayer layer, PixelBuffer image, CancellationToken cancel) =>
            throw new NotSupportedException();
    }
}
