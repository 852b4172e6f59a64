using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Comparison;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Api;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Compare;

/// <summary>A comparison of two versions, and what came of it.</summary>
internal sealed record ComparisonResource
{
    public required string Id { get; init; }

    public required WorkState State { get; init; }

    public required ComparisonProgress Progress { get; init; }

    public required ComparedVersion A { get; init; }

    public required ComparedVersion B { get; init; }

    public required string Dataset { get; init; }

    public required Split Split { get; init; }

    /// <summary>Null until it has succeeded.</summary>
    public Agreement? Agreement { get; init; }

    /// <summary>Medians, side by side; null until it has succeeded.</summary>
    public IReadOnlyList<SpeedFigures>? Speed { get; init; }

    /// <summary>The surest disagreements; the link leads to all of them.</summary>
    public IReadOnlyList<DisagreementResource>? Disagreements { get; init; }

    /// <summary>What it failed with.</summary>
    public Failure? Failure { get; init; }

    public required IReadOnlyDictionary<string, string> Links { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    private const int Shown = 20;

    /// <param name="row">The comparison.</param>
    /// <param name="result">Null until there is one.</param>
    /// <param name="a">Null where the version is deleted.</param>
    /// <param name="b">As <paramref name="a"/>.</param>
    public static ComparisonResource From(ComparisonRow row, ComparisonResult? result, LoadedModel? a, LoadedModel? b) => new()
    {
        Id = row.Id,
        State = row.Work.State,
        Progress = new(row.Done, row.Total),
        A = ComparedVersion.From(row.ModelA, row.VersionA, result?.A, a),
        B = ComparedVersion.From(row.ModelB, row.VersionB, result?.B, b),
        Dataset = row.Dataset,
        Split = row.Split,
        Agreement = result?.Agreement,
        Speed = result?.Speed,
        Disagreements = result is null
            ? null
            : [.. result.Disagreements.Take(Shown).Select(one => DisagreementResource.From(row.Dataset, one))],
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

/// <param name="Done">Images judged.</param>
/// <param name="Total">Images in all.</param>
internal sealed record ComparisonProgress(int Done, int Total)
{
    /// <summary>0–1.</summary>
    public double Fraction => Total == 0 ? 0 : (double)Done / Total;
}

/// <summary>One of the two.</summary>
internal sealed record ComparedVersion
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    /// <summary>0–1; null until the comparison has succeeded, as are the figures below.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Mean cross-entropy, nats.</summary>
    public double? Loss { get; init; }

    /// <summary>In the order of the matrix: the data set's classes, then further ones the versions know.</summary>
    public IReadOnlyList<ClassFigures>? Classes { get; init; }

    /// <summary>Images by [true class][predicted class]; empty above 1000 classes.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }

    /// <summary>Of the ONNX file; null where the version is deleted, as is the count below.</summary>
    public long? OnnxBytes { get; init; }

    /// <summary>Weights and biases; null where its layers are not known.</summary>
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

/// <summary>An image that the two call different things.</summary>
/// <param name="Image">Its id in the data set.</param>
/// <param name="TrueClass">What it is.</param>
/// <param name="A">What A says.</param>
/// <param name="B">What B says.</param>
/// <param name="Right">a, b or neither.</param>
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
/// <param name="Probability">0–1.</param>
internal sealed record PredictedClass(string Label, double Probability);
