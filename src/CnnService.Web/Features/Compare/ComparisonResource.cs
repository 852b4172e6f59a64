using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Comparison;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Api;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Compare;

/// <summary>A comparison of two versions, and its result.</summary>
internal sealed record ComparisonResource
{
    public required string Id { get; init; }

    public required WorkState State { get; init; }

    public required ComparisonProgress Progress { get; init; }

    public required ComparedVersion A { get; init; }

    public required ComparedVersion B { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Number of the data set's revision.</summary>
    public required int DatasetRevision { get; init; }

    public required Split Split { get; init; }

    /// <summary>How often the two agree; null until the comparison has succeeded.</summary>
    public Agreement? Agreement { get; init; }

    /// <summary>Median latencies of both; null until the comparison has succeeded.</summary>
    public IReadOnlyList<SpeedFigures>? Speed { get; init; }

    /// <summary>The most confident disagreements; a link leads to all of them.</summary>
    public IReadOnlyList<DisagreementResource>? Disagreements { get; init; }

    /// <summary>Why the comparison failed; null if it did not.</summary>
    public Failure? Failure { get; init; }

    public required IReadOnlyDictionary<string, string> Links { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    private const int Shown = 20;

    /// <param name="row">The comparison.</param>
    /// <param name="result">Null until there is a result.</param>
    /// <param name="a">The first version; null if it was deleted.</param>
    /// <param name="b">The second version; null if it was deleted.</param>
    public static ComparisonResource From(ComparisonRow row, ComparisonResult? result, LoadedModel? a, LoadedModel? b) => new()
    {
        Id = row.Id,
        State = row.Work.State,
        Progress = new(row.Done, row.Total),
        A = ComparedVersion.From(row.ModelA, row.VersionA, result?.A, a),
        B = ComparedVersion.From(row.ModelB, row.VersionB, result?.B, b),
        Dataset = row.Dataset,
        DatasetRevision = row.DatasetRevision,
        Split = row.Split,
        Agreement = result?.Agreement,
        Speed = result?.Speed,
        Disagreements = result is null
            ? null
            : [.. result.Disagreements.Take(Shown).Select(one => DisagreementResource.From(row.DatasetReference(), one))],
        Failure = Failure.From(row.Work.Failure),
        Links = new Dictionary<string, string>
        {
            ["disagreements"] = $"/comparisons/{row.Id}/disagreements",
            ["sheet"] = $"/comparisons/{row.Id}?format=png",
            ["confusionA"] = $"/comparisons/{row.Id}/confusion.png?of=a",
            ["confusionB"] = $"/comparisons/{row.Id}/confusion.png?of=b",
        },
        CreatedAt = row.CreatedAt,
        FinishedAt = row.Work.FinishedAt,
    };
}

/// <param name="Done">Images evaluated.</param>
/// <param name="Total">Number of images.</param>
internal sealed record ComparisonProgress(int Done, int Total)
{
    /// <summary>Completed fraction, 0–1.</summary>
    public double Fraction => Total == 0 ? 0 : (double)Done / Total;
}

/// <summary>One of the two versions.</summary>
internal sealed record ComparedVersion
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    /// <summary>0–1; null until the comparison has succeeded, as are the metrics below.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Mean cross-entropy in nats.</summary>
    public double? Loss { get; init; }

    /// <summary>Metrics per class in the order of the matrix: the data set's classes, then further ones that the versions know.</summary>
    public IReadOnlyList<ClassFigures>? Classes { get; init; }

    /// <summary>Number of images by [true class][predicted class]; empty above 1000 classes.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }

    /// <summary>Size of the ONNX file in bytes; null if the version was deleted, as is the number of parameters.</summary>
    public long? OnnxBytes { get; init; }

    /// <summary>Number of weights and biases; null if the layers of the network are not known.</summary>
    public long? Parameters { get; init; }

    public static ComparedVersion From(string model, int version, SplitEvaluation? judged, LoadedModel? loaded) => new()
    {
        Model = model,
        Version = version,
        Accuracy = judged?.Accuracy,
        Loss = judged?.Loss,
        Classes = judged?.Classes,
        Confusion = judged?.Confusion,
        OnnxBytes = loaded?.Manifest.Files.First(file => file.Name == ModelPackage.OnnxFile).Bytes,
        Parameters = loaded is { HasLayers: true } ? ArchitectureSummary.Create(loaded.Network).Totals.Parameters : null,
    };
}

/// <summary>An image that the two versions classify differently.</summary>
/// <param name="Image">Id of the image in the data set.</param>
/// <param name="TrueClass">The true class.</param>
/// <param name="A">Prediction of version A.</param>
/// <param name="B">Prediction of version B.</param>
/// <param name="Right">Which is correct: a, b or neither.</param>
/// <param name="Links">The image and its thumbnail.</param>
internal sealed record DisagreementResource(
    string Image, string TrueClass, PredictedClass A, PredictedClass B, string Right, IReadOnlyDictionary<string, string> Links)
{
    public static DisagreementResource From(string dataset, Disagreement one)
    {
        var image = $"/datasets/{dataset}/images/{one.Image}";
        var right = one.A == one.TrueClass ? "a" : one.B == one.TrueClass ? "b" : "neither";
        return new(one.Image, one.TrueClass, new(one.A, one.AProbability), new(one.B, one.BProbability), right,
            new Dictionary<string, string>
            {
                ["image"] = image,
                ["thumbnail"] = $"{image}?size=128",
            });
    }
}

/// <param name="Label">The most probable class.</param>
/// <param name="Probability">Probability of the class, 0–1.</param>
internal sealed record PredictedClass(string Label, double Probability);
