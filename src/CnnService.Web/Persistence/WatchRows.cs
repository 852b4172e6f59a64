namespace CnnService.Web.Persistence;

/// <summary>A version that is asked behind the served one, and what it is asked of. Times are UTC.</summary>
internal sealed class ShadowRow
{
    public required string Model { get; set; }

    /// <summary>The candidate; null where <see cref="Version"/> is named.</summary>
    public string? Alias { get; set; }

    /// <summary>The candidate; null where <see cref="Alias"/> is named.</summary>
    public int? Version { get; set; }

    /// <summary>Of the images that are classified, above 0 and up to 1.</summary>
    public double Share { get; set; }

    /// <summary>Which counts are its own: those of a shadow before it do not count.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Images whose turn it was, and that were let go because the queue was full.</summary>
    public long Dropped { get; set; }

    /// <summary>Images that the candidate gave no answer to.</summary>
    public long Failed { get; set; }
}

/// <summary>Images that two versions answered so and so.</summary>
internal sealed class ShadowCountRow
{
    public required string Model { get; set; }

    /// <summary>The version that answered the caller.</summary>
    public int Served { get; set; }

    /// <summary>The version that was asked behind it.</summary>
    public int Candidate { get; set; }

    public required string ServedClass { get; set; }

    public required string CandidateClass { get; set; }

    public long Count { get; set; }

    /// <summary>Sum over the images of |Δp| of the served version's class.</summary>
    public double Difference { get; set; }
}

/// <summary>That a model's predictions are counted and some images kept.</summary>
internal sealed class CaptureRow
{
    public required string Model { get; set; }

    /// <summary>Of the images, 0 to 1; 0 counts and keeps none.</summary>
    public double Share { get; set; }

    public int MaxImages { get; set; }

    public long MaxBytes { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>Images let go because the queue was full.</summary>
    public long Dropped { get; set; }
}

/// <summary>An image that was kept with its prediction.</summary>
internal sealed class CapturedRow
{
    public required string Model { get; set; }

    /// <summary>Of the image's content and the version.</summary>
    public required string Id { get; set; }

    public int Version { get; set; }

    /// <summary>The most probable class.</summary>
    public required string Label { get; set; }

    /// <summary>Of it, 0–1.</summary>
    public double Probability { get; set; }

    /// <summary>Entropy over log(classes), 0–1.</summary>
    public double Uncertainty { get; set; }

    /// <summary>JSON of the most probable classes.</summary>
    public required string Top { get; set; }

    public required string MediaType { get; set; }

    public long Bytes { get; set; }

    public DateTimeOffset CapturedAt { get; set; }

    /// <summary>JSON of the data set, part and class it was sent to; null while nobody has labelled it.</summary>
    public string? Labelled { get; set; }
}

/// <summary>Predictions of one hour, by class and confidence.</summary>
internal sealed class ServedCountRow
{
    public required string Model { get; set; }

    public int Version { get; set; }

    /// <summary>Its beginning.</summary>
    public DateTimeOffset Hour { get; set; }

    public required string Label { get; set; }

    /// <summary>Of the label's probability: tenth 0 to 9.</summary>
    public int Tenth { get; set; }

    public long Count { get; set; }
}
