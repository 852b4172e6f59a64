namespace CnnService.Core.Training;

/// <summary>
/// The parts of a run, in their order; a run has those that it needs. What was fine-tuned is evaluated before parity too.
/// </summary>
public enum RunPart
{
    /// <summary>Images are decoded, weights read.</summary>
    Preparing,

    /// <summary>The features of a frozen start are computed for every image.</summary>
    Features,

    /// <summary>A classifier is fitted to features.</summary>
    Fitting,

    /// <summary>The network is trained in epochs.</summary>
    Epochs,

    /// <summary>The exported network is compared with the trained one.</summary>
    Parity,

    /// <summary>The exported network is judged on validation and test images.</summary>
    Evaluating,

    /// <summary>The model version is written.</summary>
    Publishing,
}
