namespace CnnService.Core.Models;

/// <summary>What a tensor is to its layer.</summary>
public enum TensorPart
{
    /// <summary>The kernel of a convolution or dense layer, the factor (gamma) of a normalization.</summary>
    Weight,

    /// <summary>Added to the result; beta of a normalization.</summary>
    Bias,
    RunningMean,
    RunningVariance,
}
