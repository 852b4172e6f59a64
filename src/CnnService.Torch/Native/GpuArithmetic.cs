using static TorchSharp.torch;

namespace CnnService.Torch.Native;

/// <summary>How a GPU multiplies float32.</summary>
internal static class GpuArithmetic
{
    /// <summary>
    /// Switches TF32 off, products with 10 bits of mantissa, which cuDNN has on by default: who asks for float32 gets it. Speed is what
    /// bfloat16 is for. Holds for the process.
    /// </summary>
    internal static void TakeFloat32AtItsWord()
    {
        backends.cuda.matmul.allow_tf32 = false;
        backends.cudnn.allow_tf32 = false;
    }
}
