using TorchSharp;

namespace CnnService.Torch.Networks;

/// <summary>
/// Scalars for calls of libtorch. TorchSharp passes a scalar's address to native code without keeping the object alive, so a temporary one
/// may be collected, and its memory reused, before it is read. An analyzer forbids other ways of creating them. Thread safe.
/// </summary>
internal static class OwnedScalars
{
    /// <summary>Scalars kept alive per thread: more than any single native call takes.</summary>
    private const int KeptAlive = 64;

    internal static readonly Scalar Zero = 0.0.ToScalar();

    internal static readonly Scalar One = 1.0.ToScalar();

    /// <summary>An integer one, for integer tensors, which accept no other.</summary>
    internal static readonly Scalar IntegerOne = 1L.ToScalar();

    /// <summary>The largest value of an 8-bit channel.</summary>
    internal static readonly Scalar MaxLevel = 255.0.ToScalar();

    [ThreadStatic]
    private static Scalar[]? _recent;

    [ThreadStatic]
    private static int _next;

    /// <summary>A scalar that stays alive until this thread has created 64 more: long enough for the call it is created for.</summary>
    internal static Scalar Create(double value) => Keep(value.ToScalar());

    /// <summary>As <see cref="Create"/>, for integer tensors.</summary>
    internal static Scalar CreateInteger(long value) => Keep(value.ToScalar());

    private static Scalar Keep(Scalar scalar)
    {
        var recent = _recent ??= new Scalar[KeptAlive];
        _next = (_next + 1) % KeptAlive;
        return recent[_next] = scalar;
    }
}
