using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Interpretation.Statistics;
using CnnService.Core.Models;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Interpretation.Statistics;

/// <summary>One image, read by ramps: filter 0 is silent, filter f rises to 35 f.</summary>
public sealed class StatisticsPipelineTests : IDisposable
{
    private readonly LoadedModel _model = SomeModel.Create();
    private readonly LayerScanner _scanner = new(new RampReader(), SomeImages.Cache(1));
    private readonly StatisticsPipeline _pipeline;

    public StatisticsPipelineTests() => _pipeline = new(_scanner);

    public void Dispose() => _scanner.Dispose();

    [Fact]
    public async Task GetOrCompute_OfALayer_TellsOfEachFilter()
    {
        var scan = await ScanAsync();

        Assert.Equal([0, 35, 70, 105, 140], scan.Filters.Select(filter => filter.Max));
        Assert.Equal([0, 17.5, 35, 52.5, 70], scan.Filters.Select(filter => filter.Mean)); // Of 0, f, 2f … 35f.
        Assert.Equal(new Dictionary<string, int> { ["silent"] = 1, ["live"] = 4 }, scan.Statuses);
        Assert.Equal(("cats", 3, "relu", "numbers", "validation", 1),
            (scan.Model, scan.Version, scan.Layer, scan.Dataset, scan.Split, scan.Images));
    }

    [Fact]
    public async Task Render_SaysHowManyFiltersNeverFire_AndShowsTheStrongestFirst()
    {
        var scene = Laid.Out(StatisticsPipeline.Render(Plan(), await ScanAsync()).Figure);

        var texts = scene.Texts();
        Assert.Contains("relu of cats:3: 1 of 5 filters never fires", texts);
        Assert.Contains("4 live", texts);
        Assert.Contains("1 silent: never above 0 on these images", texts);
        var numbers = scene.All<TextShape>().Where(text => text.Text is "0" or "1" or "2" or "3" or "4")
            .GroupBy(text => text.Y).Select(line => line.OrderBy(text => text.X).Select(text => text.Text));
        Assert.Contains(numbers, line => line.SequenceEqual(["4", "3", "2", "1", "0"]));
    }

    [Fact]
    public async Task Find_AnswersOnceTheLayerIsScanned()
    {
        Assert.Null(_pipeline.Find(Plan()));

        var scan = await ScanAsync();

        Assert.Same(scan, _pipeline.Find(Plan()));
    }

    [Fact]
    public void Create_UnknownLayer_IsNotFound() => Assert.Equal(
        "layer.not-found", StatisticsPlan.Create(_model, "nowhere", SomeImages.Source(1)).Problem?.Code);

    [Fact]
    public void Tag_IsOfLayerAndNumberOfImages()
    {
        var source = SomeImages.Source(1);
        string[] tags =
        [
            Plan().ETag, StatisticsPlan.Create(_model, "pool", source).Value.ETag,
            StatisticsPlan.Create(_model, "relu", source with { Images = 7 }).Value.ETag,
        ];

        Assert.Equal(3, tags.Distinct().Count());
        Assert.Equal(Plan().ETag, Plan().ETag);
    }

    private StatisticsPlan Plan() => StatisticsPlan.Create(_model, "relu", SomeImages.Source(1)).Value;

    private async Task<LayerScan> ScanAsync() =>
        (await _pipeline.GetOrComputeAsync(Plan(), TestContext.Current.CancellationToken)).Value;
}
