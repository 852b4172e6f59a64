using TorchSharp;

namespace CnnService.Torch.Networks;

/// <summary>
/// Numbers as libtorch takes them, kept for the life of the process. TorchSharp hands a scalar's address to native code without
/// holding on to the object, so one that is made on the spot may be collected, and its memory reused, before it is read.
/// </summary>
internal static class Scalars
{
    internal static readonly Scalar Zero = 0.0;

    internal static readonly Scalar One = 1.0;

    /// <summary>Of leakyRelu below 0.</summary>
    internal static readonly Scalar LeakySlope = 0.1;

    /// <summary>The largest level of a channel.</summary>
    internal static readonly Scalar White = 255.0;
}
