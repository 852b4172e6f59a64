using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Projection;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;
using CnnService.Core.Tests.Training;

namespace CnnService.Core.Tests.Interpretation.Projection;

/// <summary>Ten images whose first byte is their number, of the classes "cat" and "dog" in turn; the layer's only feature is
/// that number.</summary>
public sealed class ProjectionPipelineTests
{
    private const int Images = 10;

    private readonly LoadedModel _model = SomeModel.Create();

    [Fact]
    public async Task Project_OfImagesAndPredictions_NamesThem()
    {
        using var projector = new ProjectionPipeline(new NumberReader(), Cache());

        var map = (await projector.GetOrComputeAsync(Plan(Source(), new(ProjectionMethod.Pca)), CancellationToken.None)).Value;

        Assert.Equal(Enumerable.Range(0, Images).Select(i => $"image-{i}"), map.Images.Select(image => image.Image));
        Assert.Equal(Enumerable.Range(0, Images).Select(i => i - 4.5), map.Images.Select(image => Math.Round(image.X, 9)));
        Assert.All(map.Images, image => Assert.Equal(0, image.Y));
        // The network's one logit is above 0 for the numbers over 4: class 1, "dog". Odd ones are dogs.
        Assert.Equal(Enumerable.Range(0, Images).Select(i => i > 4 ? "dog" : "cat"), map.Images.Select(image => image.Predicted));
        Assert.Equal(Enumerable.Range(0, Images).Select(i => (bool?)(i > 4 == (i % 2 == 1))), map.Images.Select(image => image.IsCorrect));
    }

    [Fact]
    public async Task Project_ForClassesThatTheNetworkDoesNotKnow_JudgesNothing()
    {
        using var projector = new ProjectionPipeline(new NumberReader(), Cache());

        var map = (await projector.GetOrComputeAsync(Plan(Source("bird", "dog"), new(ProjectionMethod.Pca)), CancellationToken.None)).Value;

        Assert.All(map.Images, image => Assert.Equal(image.Class == "bird", image.IsCorrect is null));
    }

    [Fact]
    public async Task Project_AskedAgainAndByAnotherMethod_ReadsTheImagesOnce()
    {
        var reader = new NumberReader();
        using var projector = new ProjectionPipeline(reader, Cache());
        var requests = new ProjectionMethod[] { ProjectionMethod.Pca, ProjectionMethod.Pca, ProjectionMethod.Tsne, ProjectionMethod.Tsne };

        var maps = await Task.WhenAll(
            requests.Select(method => projector.GetOrComputeAsync(Plan(Source(), new(method)), CancellationToken.None)));

        Assert.Equal(2 * Images, reader.Reads); // The layer, and what the network says.
        Assert.Same(maps[0].Value, maps[1].Value);
        Assert.Same(maps[2].Value, maps[3].Value);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task Project_OfNumbersThatAreNotFinite_IsRefused(float added)
    {
        using var projector = new ProjectionPipeline(new NumberReader(added), Cache());

        var map = await projector.GetOrComputeAsync(Plan(Source(), new(ProjectionMethod.Pca)), CancellationToken.None);

        Assert.Equal((ProblemKind.Unprocessable, "projection.not-finite"), (map.Problem?.Kind, map.Problem?.Code));
    }

    [Fact]
    public void Tag_IsOfTheSeedOnlyWhereThereIsChance()
    {
        string Tag(ProjectionMethod method, int seed) => Plan(Source(), new(method, seed)).ETag;

        Assert.Equal(Tag(ProjectionMethod.Pca, 1), Tag(ProjectionMethod.Pca, 2));
        Assert.NotEqual(Tag(ProjectionMethod.Tsne, 1), Tag(ProjectionMethod.Tsne, 2));
        Assert.NotEqual(Tag(ProjectionMethod.Tsne, 0), Tag(ProjectionMethod.Pca, 0));
        Assert.Equal("layer.not-found", ProjectionPlan.Create(_model, "nowhere", Source(), new(ProjectionMethod.Pca)).Problem?.Code);
    }

    private ProjectionPlan Plan(ScanSource source, ProjectionRequest request) =>
        ProjectionPlan.Create(_model, "conv", source, request).Value;

    private static CacheHolding Cache() => SomeImages.Cache(Images);

    private static ScanSource Source(params string[] classes) => SomeImages.Source(Images, classes);

    /// <summary>Answers with the image's number from every layer, with the number less 4.5 from the last.</summary>
    private sealed class NumberReader(float added = 0) : IFeatureMapReader
    {
        private int _reads;

        public int Reads => _reads;

        public Outcome<LayerActivations> Read(LoadedModel model, ResolvedLayer layer, PixelBuffer image, bool beforeActivation = false)
        {
            Interlocked.Increment(ref _reads);
            return new LayerActivations(1, 1, 1, new[] { image.Data[0] - (layer.Name == "output" ? 4.5f : 0) + added });
        }
    }
}
