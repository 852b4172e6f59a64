using System.Runtime.Intrinsics.X86;

namespace CnnService.Onnx.Serving;

/// <summary>What the processor has for products of 8-bit integers.</summary>
internal static class IntegerArithmetic
{
    private const int Features = 7;
    private const int Avx512Vnni = 1 << 11;
    private const int AvxVnni = 1 << 4;

    /// <summary>
    /// Whether sums of two products of 8-bit integers are held to 16 bits: x86 processors without VNNI. Results of unsigned activations of
    /// more than 7 bits are then wrong, unless the session is told to take other instructions.
    /// </summary>
    public static bool Saturates { get; } = X86Base.IsSupported && !HasVnni();

    private static bool HasVnni()
    {
        if (X86Base.CpuId(0, 0).Eax < Features)
        {
            return false;
        }

        var (subleaves, _, wide, _) = X86Base.CpuId(Features, 0);
        return (wide & Avx512Vnni) != 0 || (subleaves > 0 && (X86Base.CpuId(Features, 1).Eax & AvxVnni) != 0);
    }
}
