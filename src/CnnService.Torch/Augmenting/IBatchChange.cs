using CnnService.Core.Datasets;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>One kind of change, carried out on all pictures of a batch at once, on their device and without waiting for it.</summary>
internal interface IBatchChange : IDisposable
{
    /// <param name="planes">float32 <c>[N,C,H,W]</c>, 0–255, of any strides; stays as it is.</param>
    /// <param name="changes">One a picture.</param>
    /// <returns>A new tensor of the same shape.</returns>
    Tensor Apply(Tensor planes, PictureChange[] changes);
}
