using CnnService.Core.Datasets;
using CnnService.Torch.Augmenting;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Augmenting;

/// <summary>Images and changes for tests of augmentation.</summary>
internal static class Some
{
    internal static ImageTransform Unchanged => new(AffineMap.Translation(0, 0), false, false, 1, 1, 1, default);

    /// <summary>Bytes <c>[N,H,W,C]</c> without a pattern.</summary>
    internal static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)((i * 2654435761L) >> 13))];

    /// <summary>float32 <c>[N,C,H,W]</c>, 0–255, channels next to each other in memory as training has them.</summary>
    internal static Tensor Planes(int count, int channels, int height, int width) =>
        tensor(Bytes(count * height * width * channels), [count, height, width, channels]).to_type(ScalarType.Float32).permute(0, 3, 1, 2);

    /// <summary>Augments images of an epoch, as its steps do.</summary>
    internal static Tensor Apply(this BatchAugmenter augmenter, Tensor bytes, int[] indices, int epoch)
    {
        using var drawn = new AugmentedEpoch(augmenter, indices, epoch);
        return drawn.Apply(bytes, first: 0);
    }

    internal static Tensor Apply(this IBatchTransform step, Tensor planes, ImageTransform[] changes)
    {
        using var terms = step.Terms(changes);
        return step.Apply(planes, terms);
    }

    internal static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
