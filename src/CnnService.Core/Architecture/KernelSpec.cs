namespace CnnService.Core.Architecture;

/// <summary>
/// The distribution a layer's initial weights are drawn from. Fan in is the number of inputs of a unit, fan out the number of units
/// times the size of a kernel.
/// </summary>
public enum InitializerKind
{
    /// <summary>Uniform within ±sqrt(6 / (fan in + fan out)) (Glorot and Bengio, 2010); Keras's default.</summary>
    GlorotUniform,

    /// <summary>Normal with variance 2 / (fan in + fan out), truncated at two standard deviations of the untruncated normal.</summary>
    GlorotNormal,

    /// <summary>Uniform within ±sqrt(6 / fan in) (He et al., 2015).</summary>
    HeUniform,

    /// <summary>Normal with variance 2 / fan in, truncated at two standard deviations of the untruncated normal.</summary>
    HeNormal,
}

/// <summary>A layer with a trained kernel (and, apart from it, a bias).</summary>
public interface IKernelLayer
{
    /// <summary>How the kernel is initialized; the bias starts at zero.</summary>
    InitializerKind KernelInitializer { get; }

    /// <summary>
    /// L2 penalty, 0 to 1: <c>L2 * sum(weight²)</c> is added to the training objective, as in Keras; the reported loss does not
    /// contain it.
    /// </summary>
    double L2 { get; }
}
