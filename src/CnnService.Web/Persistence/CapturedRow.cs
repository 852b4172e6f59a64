namespace CnnService.Web.Persistence;

/// <summary>A captured image and its prediction.</summary>
internal sealed class CapturedRow
{
    public required string Model { get; set; }

    /// <summary>Derived from the image's content and the version.</summary>
    public required string Id { get; set; }

    public int Version { get; set; }

    /// <summary>The most probable class.</summary>
    public required string Label { get; set; }

    /// <summary>Probability of the label, 0–1.</summary>
    public double Probability { get; set; }

    /// <summary>Entropy of the probabilities over log(classes), 0–1.</summary>
    public double Uncertainty { get; set; }

    /// <summary>The most probable classes, as JSON.</summary>
    public required string Top { get; set; }

    public required string MediaType { get; set; }

    public long Bytes { get; set; }

    public DateTimeOffset CapturedAt { get; set; }

    /// <summary>Data set, split and class that it was added to, as JSON; null until it is labelled.</summary>
    public string? Labelled { get; set; }
}
