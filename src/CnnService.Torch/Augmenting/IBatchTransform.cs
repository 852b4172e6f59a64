using CnnService.Core.Datasets;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>One augmentation step, applied to all images of a batch at once on their device, without synchronizing with it.</summary>
internal interface IBatchTransform : IDisposable
{
    /// <summary>What <see cref="Apply"/> needs to know of each image's transform, on the device; dimension 0 counts the images.</summary>
    Tensor Terms(ImageTransform[] changes);

    /// <param name="planes">float32 <c>[N,C,H,W]</c>, 0–255, any strides; not modified.</param>
    /// <param name="terms">The rows of these images in what <see cref="Terms"/> gave.</param>
    /// <returns>A new tensor of the same shape, owned by the caller.</returns>
    Tensor Apply(Tensor planes, Tensor terms);
}
