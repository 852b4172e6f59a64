namespace CnnService.Web.Persistence;

/// <summary>
/// The shadow of a model: a candidate version that is run on the images that the served version classifies. Times are UTC.
/// </summary>
internal sealed class ShadowRow
{
    public required string Model { get; set; }

    /// <summary>Alias of the candidate; null if <see cref="Version"/> is set.</summary>
    public string? Alias { get; set; }

    /// <summary>Version of the candidate; null if <see cref="Alias"/> is set.</summary>
    public int? Version { get; set; }

    /// <summary>Share of classified images, above 0 and up to 1.</summary>
    public double Share { get; set; }

    /// <summary>Start of the shadow; distinguishes its counts from those of earlier ones.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Selected images that were dropped because the queue was full.</summary>
    public long Dropped { get; set; }

    /// <summary>Images that the candidate failed on.</summary>
    public long Failed { get; set; }
}

/// <summary>Number of images with a given pair of predictions by two versions.</summary>
internal sealed class ShadowCountRow
{
    public required string Model { get; set; }

    /// <summary>The version that answered the client.</summary>
    public int Served { get; set; }

    /// <summary>The version that was run in its shadow.</summary>
    public int Candidate { get; set; }

    public required string ServedClass { get; set; }

    public required string CandidateClass { get; set; }

    public long Count { get; set; }

    /// <summary>Sum over the images of |Δp| of the class that the served version predicted.</summary>
    public double Difference { get; set; }
}

/// <summary>Capture settings of a model: its predictions are counted, and a share of the images is stored.</summary>
internal sealed class CaptureRow
{
    public required string Model { get; set; }

    /// <summary>Share of images to store, 0–1; 0 only counts predictions.</summary>
    public double Share { get; set; }

    public int MaxImages { get; set; }

    public long MaxBytes { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>Images dropped because the queue was full.</summary>
    public long Dropped { get; set; }
}

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

/// <summary>Number of predictions of a version in an hour, by class and confidence.</summary>
internal sealed class ServedCountRow
{
    public required string Model { get; set; }

    public int Version { get; set; }

    /// <summary>Start of the hour, UTC.</summary>
    public DateTimeOffset Hour { get; set; }

    public required string Label { get; set; }

    /// <summary>Tenth of the label's probability, 0 to 9.</summary>
    public int Tenth { get; set; }

    public long Count { get; set; }
}
