using TorchSharp;

namespace CnnService.Torch.Networks;

/// <summary>
/// Numbers as libtorch takes them. TorchSharp hands a scalar's address to native code without holding on to the object, so one
/// that is made on the spot may be collected, and its memory reused, before it is read. The analyzer forbids making them so.
/// </summary>
internal static class Scalars
{
    /// <summary>More than any one native call takes.</summary>
    private const int Held = 64;

    internal static readonly Scalar Zero = 0.0.ToScalar();

    internal static readonly Scalar One = 1.0.ToScalar();

    /// <summary>For whole numbers, which take no other.</summary>
    internal static readonly Scalar WholeOne = 1L.ToScalar();

    /// <summary>The largest level of a channel.</summary>
    internal static readonly Scalar White = 255.0.ToScalar();

    [ThreadStatic]
    private static Scalar[]? _recent;

    [ThreadStatic]
    private static int _next;

    /// <summary>A scalar that lives until this thread has asked for many others: for the call it is made for.</summary>
    internal static Scalar Of(double value)
    {
        var recent = _recent ??= new Scalar[Held];
        _next = (_next + 1) % Held;
        return recent[_next] = value.ToScalar();
    }
}
