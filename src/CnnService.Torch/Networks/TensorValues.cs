using CnnService.Core.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>Copies values between tensors and float32 arrays in C order, whatever the tensor's memory format.</summary>
internal static class TensorValues
{
    internal static WeightTensor Read(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var values = tensor.detach().to(ScalarType.Float32).cpu().contiguous();
        return new([.. tensor.shape.Select(size => checked((int)size))], values.data<float>().ToArray());
    }

    /// <summary>Overwrites the values; the tensor keeps its memory format, type and device.</summary>
    internal static void Write(Tensor tensor, WeightTensor values)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        tensor.copy_(torch.tensor(values.Data, [.. values.Shape.Select(size => (long)size)], device: CPU));
    }
}
