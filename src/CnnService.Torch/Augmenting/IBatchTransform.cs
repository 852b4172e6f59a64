using CnnService.Core.Datasets;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>One augmentation step, applied to all images of a batch at once on their device, without synchronizing with it.</summary>
internal interface IBatchTransform : IDisposable
{
    /// <param name="planes">float32 <c>[N,C,H,W]</c>, 0–255, any strides; not modified.</param>
    /// <param name="changes">One transform per image, length N.</param>
    /// <returns>A new tensor of the same shape, owned by the caller.</returns>
    Tensor Apply(Tensor planes, ImageTransform[] changes);
}
