using CnnService.Core.Datasets;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>Flips images that need no other geometric transform. Pixels are permuted without interpolation, so values stay exact.</summary>
internal sealed class RandomFlip(AugmentationSpec spec) : IBatchTransform
{
    private const long RowAxis = 2;
    private const long ColumnAxis = 3;

    public Tensor Apply(Tensor planes, ImageTransform[] changes)
    {
        using var scope = NewDisposeScope();
        var mirrored = planes.alias();
        if (spec.HorizontalFlip)
        {
            mirrored = FlipSelected(mirrored, ColumnAxis, [.. changes.Select(change => change.MirrorHorizontal)]);
        }

        if (spec.VerticalFlip)
        {
            mirrored = FlipSelected(mirrored, RowAxis, [.. changes.Select(change => change.MirrorVertical)]);
        }

        return mirrored.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        // Owns no tensors.
    }

    private static Tensor FlipSelected(Tensor planes, long along, bool[] mirrored) =>
        where(tensor(mirrored, [mirrored.Length, 1, 1, 1], device: planes.device), planes.flip(along), planes);
}
