namespace CnnService.Core.Training;

/// <summary>
/// Trains the end of the start in steps once a classifier has been fitted to its features, as the fields of training in steps say, and
/// keeps what is better on images that were not trained on. The beginning is left as it is.
/// </summary>
public sealed record FineTuning
{
    /// <summary>Most of the network's multiply-adds that are trained, counted from its end, above 0 up to 1; default 0.25.</summary>
    public double Share { get; init; } = 0.25;
}
