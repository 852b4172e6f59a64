namespace CnnService.Core.Architecture;

/// <summary>
/// What a layer's weights are drawn from when training begins. Fan in is the number of values a unit takes, fan out the
/// number of units times the cells of a kernel.
/// </summary>
public enum InitializerKind
{
    /// <summary>Uniform within ±sqrt(6 / (fan in + fan out)) (Glorot and Bengio, 2010); Keras's default.</summary>
    GlorotUniform,

    /// <summary>Normal with variance 2 / (fan in + fan out), no value beyond two deviations of the uncut normal.</summary>
    GlorotNormal,

    /// <summary>Uniform within ±sqrt(6 / fan in) (He et al., 2015).</summary>
    HeUniform,

    /// <summary>Normal with variance 2 / fan in, no value beyond two deviations of the uncut normal.</summary>
    HeNormal,
}

/// <summary>A layer with trained weights, its bias aside.</summary>
public interface IKernelLayer
{
    /// <summary>Where training starts.</summary>
    InitializerKind KernelInitializer { get; }

    /// <summary>L2 penalty: <c>L2 * sum(weight²)</c> is added to what training minimizes, as in Keras; it is not part of the loss told. 0 to 1.</summary>
    double L2 { get; }
}
