using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Monitoring;

/// <summary>How many of a model's images are captured.</summary>
internal sealed record CaptureRequest
{
    /// <summary>Share of images to store, 0–1; 0 counts predictions without storing images.</summary>
    public double Share { get; init; } = 0.01;

    /// <summary>Maximum number of stored images, 1 to 100,000; the oldest are deleted first.</summary>
    public int MaxImages { get; init; } = 1000;

    /// <summary>Maximum total size of stored images in bytes, 1 MiB to 1 TiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;
}

/// <summary>Capture settings of a model.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Share">Share of images to store, 0–1.</param>
/// <param name="MaxImages">Maximum number of stored images.</param>
/// <param name="MaxBytes">Maximum total size of stored images in bytes.</param>
/// <param name="Since">When capture was started.</param>
/// <param name="Dropped">Images dropped because the queue was full.</param>
internal sealed record CaptureResource(string Model, double Share, int MaxImages, long MaxBytes, DateTimeOffset Since, long Dropped)
{
    public static CaptureResource From(CaptureRow row) => new(row.Model, row.Share, row.MaxImages, row.MaxBytes, row.Since, row.Dropped);
}

/// <summary>A captured image and its prediction.</summary>
internal sealed record CapturedResource
{
    public required string Id { get; init; }

    public required string Model { get; init; }

    public required int Version { get; init; }

    public required string Label { get; init; }

    public required double Probability { get; init; }

    /// <summary>Entropy of the probabilities over log(classes): 0 certain, 1 undecided.</summary>
    public required double Uncertainty { get; init; }

    public required IReadOnlyList<ScoredClass> Top { get; init; }

    public required string MediaType { get; init; }

    public required long Bytes { get; init; }

    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>Where it was added under its true class; null until it is labelled.</summary>
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

/// <param name="Dataset">The data set it was added to.</param>
/// <param name="Split">The split it was added to.</param>
/// <param name="Class">The true class.</param>
internal sealed record LabelledAs(string Dataset, Core.Datasets.Split Split, string Class);
