namespace CnnService.Core.Models;

/// <summary>The role of a tensor in its layer.</summary>
public enum TensorPart
{
    /// <summary>Kernel of a convolution or dense layer, slope of a PReLU, scale (gamma) of a normalization.</summary>
    Weight,

    /// <summary>Bias of a convolution or dense layer, shift (beta) of a normalization.</summary>
    Bias,
    RunningMean,
    RunningVariance,
}
