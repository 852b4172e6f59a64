using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>
/// Projects the images of a data set to a plane by the features of a layer. One projection runs at a time; concurrent requests for the same
/// one share it, and the most recent results are cached. Problem codes: <c>scan.no-images</c>, <c>projection.too-few</c>,
/// <c>projection.too-large</c>, <c>projection.not-finite</c>, and those of reading images and weights. Thread safe.
/// </summary>
public sealed class ProjectionPipeline(IFeatureMapReader reader, IPixelCache pixels, ILogger<ProjectionPipeline>? logger = null)
    : IDisposable
{
    private const long MaxProjectionBytes = 16 << 20;

    /// <summary>Room for one table of the largest size, so that both methods need a single pass over the images.</summary>
    private const long MaxTableBytes = (MaxFeatures * sizeof(double)) + (1 << 20);

    /// <summary>Most features in a table, images times channels: 128 MiB of float64.</summary>
    private const long MaxFeatures = 1 << 24;

    private readonly CoalescingCache<string, ProjectionFigures> _maps = new(
        new("projections") { MaxBytes = MaxProjectionBytes, MaxConcurrency = 1 }, projection => projection.Bytes, logger);

    private readonly CoalescingCache<string, FeatureTable> _tables = new(
        new("feature tables") { MaxBytes = MaxTableBytes, MaxConcurrency = 1 }, table => table.Bytes, logger);

    /// <summary>The projection as numbers. Takes seconds if it is not cached.</summary>
    /// <param name="plan">Layer, images and method.</param>
    /// <param name="cancel">Ends the wait; the computation stops once nobody waits for it.</param>
    public Task<Outcome<ProjectionFigures>> GetOrComputeAsync(ProjectionPlan plan, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _maps.GetOrComputeAsync(
            plan.ETag,
            token => _tables.GetOrComputeAsync(plan.TableKey, inner => Task.FromResult(Read(plan.Model, plan.Layer, plan.Source, inner)),
                token)
                .BindAsync(table => Project(plan, table, token)),
            cancel);
    }

    /// <summary>The same projection if it is cached, else null.</summary>
    public ProjectionFigures? Find(ProjectionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _maps.TryGet(plan.ETag, out var known) ? known : null;
    }

    public void Dispose()
    {
        _maps.Dispose();
        _tables.Dispose();
    }

    private Outcome<FeatureTable> Read(LoadedModel model, ResolvedLayer layer, ScanSource source, CancellationToken cancel)
    {
        if ((long)source.Images * layer.OutputShape.Channels > MaxFeatures)
        {
            return Problem.Unprocessable(
                "projection.too-large",
                $"A map of {source.Images} images by the {layer.OutputShape.Channels} filters of "
                + $"'{layer.Name}' is too large: ask for at most {MaxFeatures / layer.OutputShape.Channels} with ?images=.");
        }

        var (features, places, predicted) = (new List<double[]>(), new List<int>(), new List<int>());
        var visited = SplitImages.Visit(pixels, model, source, _ => { }, Add, cancel);
        return visited.Bind<FeatureTable>(_ => new FeatureTable([.. features], places, predicted));

        Problem? Add(int place, PixelBuffer image)
        {
            var maps = reader.Read(model, layer, image);
            var row = maps.Bind(Means);
            var output = !model.Network.HasClasses
                ? null
                : layer.Name == model.Network.Output.Name ? row : reader.Read(model, model.Network.Output, image).Bind(Means);
            if ((row.Problem ?? output?.Problem) is { } problem)
            {
                return problem;
            }

            features.Add(row.Value);
            places.Add(place);
            if (output is not null)
            {
                predicted.Add(ArgMax.OfLogits<double>(output.Value));
            }

            return null;
        }
    }

    private static Outcome<double[]> Means(LayerActivations maps)
    {
        double[] means = [.. Enumerable.Range(0, maps.Channels).Select(maps.Mean)];
        return means.All(double.IsFinite) ? means
            : Problem.Unprocessable("projection.not-finite",
                "The layer answers with numbers that are not finite: there is no map of them.");
    }

    private static Outcome<ProjectionFigures> Project(ProjectionPlan plan, FeatureTable table, CancellationToken cancel)
    {
        var (model, source, request) = (plan.Model, plan.Source, plan.Request);
        var (count, minImages) = (table.Features.Length, request.Method == ProjectionMethod.Tsne ? 5 : 2);
        if (count < minImages)
        {
            return Problem.Unprocessable("projection.too-few", $"This map needs at least {minImages} images, received {count}.");
        }

        var components = PrincipalComponents.Compute(table.Features, TSne.Dimensions, cancel);
        var places = request.Method == ProjectionMethod.Tsne
            ? TSne.Embed(components.Coordinates, request.Seed, cancel)
            : components.Coordinates;
        var images = source.Dataset.Images.Of(source.Split);
        return new ProjectionFigures
        {
            Model = model.Name,
            Version = model.Version,
            Layer = plan.Layer.Name,
            Dataset = source.Dataset.Name,
            Split = source.Split.ToWireName(),
            Method = request.Method,
            Features = table.Features[0].Length,
            ExplainedVariance = components.Explained,
            Perplexity = request.Method == ProjectionMethod.Tsne ? TSne.PerplexityFor(count) : null,
            Trustworthiness = Trustworthiness.Compute(
                table.Features, [.. places.Select(place => place[..Math.Min(2, place.Length)])], cancel),
            Images = [.. Enumerable.Range(0, count).Select(i => Describe(i))],
            Classes = [.. Enumerable.Range(0, source.Dataset.LabelCount).Select(source.Dataset.TextOf)],
        };

        ProjectedImage Describe(int row)
        {
            var image = images[table.Places[row]];
            var (named, known) = (source.Dataset.TextOf(image.Label), model.Manifest.Classes);
            var predicted = table.Predicted.Count > 0 ? known[table.Predicted[row]] : null;
            bool? isCorrect = predicted is not null && source.Dataset.Task == DatasetTask.SingleLabel && known.Contains(named)
                ? predicted == named : null;
            return new(image.Id, named, predicted, isCorrect, places[row][0], places[row].Length > 1 ? places[row][1] : 0);
        }
    }
}
