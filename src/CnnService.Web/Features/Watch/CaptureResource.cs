using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Watch;

/// <summary>How much is kept of what a model is asked.</summary>
internal sealed record CaptureRequest
{
    /// <summary>Of the images, 0 to 1; 0 counts predictions and keeps no image.</summary>
    public double Share { get; init; } = 0.01;

    /// <summary>Images kept at most, 1 to 100,000; the oldest go first.</summary>
    public int MaxImages { get; init; } = 1000;

    /// <summary>Bytes of them, 1 MiB to 1 TiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;
}

/// <summary>What is kept of a model's predictions.</summary>
/// <param name="Model">The model.</param>
/// <param name="Share">Of the images.</param>
/// <param name="MaxImages">Kept at most.</param>
/// <param name="MaxBytes">Of them.</param>
/// <param name="Since">When that began.</param>
/// <param name="Dropped">Images let go because the queue was full.</param>
internal sealed record CaptureResource(string Model, double Share, int MaxImages, long MaxBytes, DateTimeOffset Since, long Dropped)
{
    public static CaptureResource From(CaptureRow row) => new(row.Model, row.Share, row.MaxImages, row.MaxBytes, row.Since, row.Dropped);
}

/// <summary>An image that was kept, and what the model said of it.</summary>
internal sealed record CapturedResource
{
    public required string Id { get; init; }

    public required string Model { get; init; }

    public required int Version { get; init; }

    public required string Label { get; init; }

    public required double Probability { get; init; }

    /// <summary>Entropy of the probabilities over log(classes): 0 sure, 1 undecided.</summary>
    public required double Uncertainty { get; init; }

    public required IReadOnlyList<ScoredClass> Top { get; init; }

    public required string MediaType { get; init; }

    public required long Bytes { get; init; }

    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>Where somebody sent it; null while nobody has labelled it.</summary>
    public LabelledAs? Labelled { get; init; }

    public required IReadOnlyDictionary<string, string> Links { get; init; }

    public static CapturedResource From(CapturedRow row)
    {
        var path = $"/models/{row.Model}/captured/{row.Id}";
        return new()
        {
            Id = row.Id,
            Model = row.Model,
            Version = row.Version,
            Label = row.Label,
            Probability = row.Probability,
            Uncertainty = row.Uncertainty,
            Top = JsonSerializer.Deserialize<IReadOnlyList<ScoredClass>>(row.Top, CoreJson.Options)!,
            MediaType = row.MediaType,
            Bytes = row.Bytes,
            CapturedAt = row.CapturedAt,
            Labelled = row.Labelled is null ? null : JsonSerializer.Deserialize<LabelledAs>(row.Labelled, CoreJson.Options),
            Links = new Dictionary<string, string>
            {
                ["image"] = $"{path}/image",
                ["thumbnail"] = $"{path}/image?size=128",
                ["label"] = $"{path}/label",
            },
        };
    }
}

/// <param name="Dataset">The data set it was sent into.</param>
/// <param name="Split">Its part.</param>
/// <param name="Class">What it is.</param>
internal sealed record LabelledAs(string Dataset, Core.Datasets.Split Split, string Class);
