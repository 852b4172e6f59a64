using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Interpretation.Timelapse;

public sealed class TimelapsePipelineTests
{
    private static readonly TimelapseRequest OfFilter = new() { Layer = "conv", Filter = 2 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetOrRenderAsync_OfAFilter_HasAFrameAnEpochThatAllBeginAlike()
    {
        using var some = new SomeTimelapse().Until(4);

        var timelapse = (await some.Timelapses.GetOrRenderAsync(TimelapsePlan.Create(some.Source(), OfFilter).Value, Cancel)).Value;

        Assert.Equal([0, 1, 2, 3, 4], timelapse.Frames.Select(frame => frame.Figures.Epoch));
        Assert.Equal(new double?[] { null, null, 0.5, 0.5, 0.5 }, timelapse.Frames.Select(frame => frame.Figures.ValidationAccuracy));
        Assert.All(timelapse.Frames,
            frame => Assert.Equal((2.25, 0.125, 0.0625),
                (frame.Figures.Activation, frame.Figures.StartActivation, frame.Figures.NoiseActivation)));
        Assert.Equal((true, PatternMethod.Quick, 30),
            (some.Painter.LastJob!.Request.SharesStart, some.Painter.LastJob.Request.Method, some.Painter.LastJob.Iterations));
        Assert.Equal(5, some.Painter.Calls.Count);
        Assert.InRange(some.Painter.MostAtOnce, 1, 2);
    }

    [Fact]
    public async Task GetOrRenderAsync_Again_DrawsOnlyWhatIsNew()
    {
        using var some = new SomeTimelapse().Until(2);
        await some.Timelapses.GetOrRenderAsync(TimelapsePlan.Create(some.Source(), OfFilter).Value, Cancel);

        await some.Timelapses.GetOrRenderAsync(TimelapsePlan.Create(some.Until(3).Source(), OfFilter).Value, Cancel);

        Assert.Equal(4, some.Painter.Calls.Count);
    }

    [Fact]
    public async Task GetOrRenderAsync_OfAClass_IsOfTheOutputItIsReadFrom()
    {
        using var some = new SomeTimelapse().Until(1);

        var plan = TimelapsePlan.Create(some.Source(), new() { Class = "cat" }).Value;
        var timelapse = (await some.Timelapses.GetOrRenderAsync(plan, Cancel)).Value;

        Assert.Equal("class cat", timelapse.Subject);
        Assert.Equal(("output", -1), (some.Painter.LastJob!.Layer.Name, some.Painter.LastJob.ClassDirection));
    }

    [Fact]
    public async Task GetOrRenderAsync_OfAMap_ShowsEachMomentsAnswerToTheImage()
    {
        using var some = new SomeTimelapse().Until(2);
        var request = OfFilter with { Image = new(8, 8, 3), Scale = FeatureMapScale.MinMax };

        var timelapse = (await some.Timelapses.GetOrRenderAsync(TimelapsePlan.Create(some.Source(), request).Value, Cancel)).Value;

        Assert.Equal([0, 17.5, 35], timelapse.Frames.Select(frame => frame.Figures.Activation!.Value));
        Assert.Equal(new bool?[] { true, false, false }, timelapse.Frames.Select(frame => frame.Figures.Silent));
        Assert.All(timelapse.Frames, frame => Assert.Equal((6, 6), (frame.Image.Width, frame.Image.Height)));
        Assert.NotEqual(timelapse.Frames[0].Image.Data, timelapse.Frames[1].Image.Data);
    }

    [Fact]
    public async Task GetOrRenderAsync_SnapshotGoneMeanwhile_IsAProblem()
    {
        using var some = new SomeTimelapse(new MapsThatAreGone()).Until(2);

        var plan = TimelapsePlan.Create(some.Source(), OfFilter with { Image = new(8, 8, 3) }).Value;
        var problem = (await some.Timelapses.GetOrRenderAsync(plan, Cancel)).Problem;

        Assert.Equal((ProblemKind.Conflict, "run.snapshots-changed"), (problem!.Kind, problem.Code));
    }

    [Theory]
    [InlineData("nowhere", 0, null, "layer.not-found")]
    [InlineData("conv", 5, null, "filter.not-found")]
    [InlineData(null, null, "cow", "class.not-found")]
    public void Create_OfWhatIsNotThere_IsNotFound(string? layer, int? filter, string? named, string code)
    {
        using var some = new SomeTimelapse().Until(1);
        var request = new TimelapseRequest { Layer = layer, Filter = filter, Class = named };

        Assert.Equal(code, TimelapsePlan.Create(some.Source(), request).Problem!.Code);
        Assert.Empty(some.Painter.Calls);
    }

    [Theory]
    [InlineData(null, null, null, "layer")]
    [InlineData("conv", 1, "cat", "class")]
    [InlineData("conv", null, null, "filter")]
    [InlineData(null, 1, "cat", "filter")]
    public void ETag_NotOneSubject_NamesTheField(string? layer, int? filter, string? named, string field)
    {
        using var some = new SomeTimelapse().Until(1);

        var problem = TimelapsePlan.Create(some.Source(), new() { Layer = layer, Filter = filter, Class = named }).Problem;

        Assert.Equal([field], problem!.Errors.Keys);
    }

    [Fact]
    public async Task GetOrRenderAsync_RendererRefuses_IsItsProblem()
    {
        using var some = new SomeTimelapse().Until(2);
        some.Painter.Refusal = new Problem(ProblemKind.Unavailable, "torch.unavailable", "None here.");

        var timelapse = await some.Timelapses.GetOrRenderAsync(TimelapsePlan.Create(some.Source(), OfFilter).Value, Cancel);

        Assert.Equal("torch.unavailable", timelapse.Problem?.Code);
    }

    [Fact]
    public void ETag_ChangesWithAllThatItShows()
    {
        using var some = new SomeTimelapse().Until(3);
        string[] tags =
        [
            Tag(some.Source(), OfFilter),
            Tag(some.Source(frames: 2), OfFilter),
            Tag(some.Source(accuracy: 0.6), OfFilter),
            Tag(some.Source(), OfFilter with { Filter = 3 }),
            Tag(some.Source(), OfFilter with { Pattern = OfFilter.Pattern with { Seed = 1 } }),
            Tag(some.Source(), OfFilter with { Pattern = OfFilter.Pattern with { Method = PatternMethod.Natural } }),
            Tag(some.Source(), OfFilter with { Image = new(8, 8, 3) }),
            Tag(some.Source(), OfFilter with { Side = 256 }),
            Tag(some.Source(), new() { Class = "dog" }),
        ];
        Assert.Equal(tags.Length, tags.Distinct().Count());
        Assert.Equal(tags[0], Tag(some.Source(), OfFilter));
        string Tag(TimelapseSource source, TimelapseRequest request) => TimelapsePlan.Create(source, request).Value.ETag;
    }

    [Fact]
    public void ETag_SameWeightsSeenThroughAnotherPreprocessing_IsAnother()
    {
        using var some = new SomeTimelapse().Until(1);
        var standardized = some.Plan with
        {
            Preprocessing = Preprocessing.Create(NormalizationKind.Standardize, 3, [0.5, 0.5, 0.5], [0.2, 0.2, 0.2])
        };
        var other = TimelapseSource.Create(standardized, some.Folder.Root, [], 12).Value;

        Assert.NotEqual(ContentKey.Content(some.Source().First), ContentKey.Content(other.First));
    }

    [Fact]
    public void Source_MoreSnapshotsThanFrames_AreEvenlyChosen()
    {
        using var some = new SomeTimelapse().Until(8);

        var source = some.Source(frames: 5);

        Assert.Equal([0, 2, 4, 6, 8], source.Snapshots.Select(snapshot => snapshot.Epoch));
        Assert.Equal(9, source.SnapshotCount);
    }

    [Theory]
    [InlineData(1L << 20, "has not begun")]
    [InlineData(null, "told to keep none")]
    public void Source_NoSnapshots_SaysWhy(long? budget, string reason)
    {
        using var some = new SomeTimelapse();

        var problem = TimelapseSource.Create(some.Plan with { SnapshotBytes = budget }, some.Folder.Root, [], 12).Problem;

        Assert.Equal((ProblemKind.NotFound, "run.no-snapshots"), (problem!.Kind, problem.Code));
        Assert.Contains(reason, problem.Detail, StringComparison.Ordinal);
    }

    private sealed class MapsThatAreGone : ISnapshotMaps
    {
        public Outcome<LayerActivations> Read(
            LoadedModel snapshot, ResolvedLayer layer, PixelBuffer image, CancellationToken cancel) =>
            snapshot.Version == 1
            ? Problem.NotFound(LoadedModel.WeightsMissing, "Deleted meanwhile.")
            : new LayerActivations(SomeModel.Filters, 6, 6, new float[SomeModel.Filters * 36]);
    }
}
