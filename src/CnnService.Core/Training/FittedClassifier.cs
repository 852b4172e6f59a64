using System.Text.Json.Serialization;

namespace CnnService.Core.Training;

/// <summary>
/// A classifier that is fitted to the features of a start, which is left as it is, instead of being trained in steps: multinomial logistic
/// regression with weights kept small.
/// </summary>
public sealed record FittedClassifier
{
    /// <summary>
    /// Copies of each training image whose features are computed, 1 to 10: the image, its mirror image, then crops of it. Default 1.
    /// </summary>
    public int Views { get; init; } = 1;

    /// <summary>
    /// Half of this times the weights' sum of squares, on features scaled by one factor to a mean variance of 1, is added to the mean loss.
    /// Above 0; default: chosen on one half of the validation images; the other half then judges.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Regularization { get; init; }
}
