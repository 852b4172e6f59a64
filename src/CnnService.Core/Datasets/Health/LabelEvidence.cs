namespace CnnService.Core.Datasets.Health;

/// <summary>What labels are judged by.</summary>
public enum LabelEvidence
{
    /// <summary>The version's own predictions; it must know every class of the data set.</summary>
    Predictions,

    /// <summary>
    /// A linear classifier on the features before the version's own classifier, cross-validated: each image is judged by a classifier that
    /// has not seen it. For networks trained on other images.
    /// </summary>
    Features,
}
