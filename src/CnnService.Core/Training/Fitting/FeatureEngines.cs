using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// The two ways to the features of training images: the training engine in its own arithmetic, and the network as it will be served. Which
/// is faster depends on the processor and its instructions.
/// </summary>
/// <param name="Trained">By the training engine.</param>
/// <param name="Served">As served, in float32.</param>
internal sealed record FeatureEngines(FeatureRunner Trained, FeatureRunner Served)
{
    /// <summary>Fewer images than these are computed sooner than a choice pays.</summary>
    public const int MinImages = 256;

    private const int BatchSize = 16;

    /// <summary>The faster one: each computes a small batch that warms it up and one that is timed.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="time">The clock.</param>
    public FeatureRunner Faster(IPixelSource images, TimeProvider time)
    {
        var batch = images.Gather([.. Enumerable.Range(0, Math.Min(BatchSize, images.Count))]);
        TimeSpan Measure(FeatureRunner engine)
        {
            engine.Runner.Logits(batch);
            var began = time.GetTimestamp();
            engine.Runner.Logits(batch);
            return time.GetElapsedTime(began);
        }

        return Measure(Served) < Measure(Trained) ? Served : Trained;
    }
}
