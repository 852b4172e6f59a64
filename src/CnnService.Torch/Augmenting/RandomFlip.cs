using CnnService.Core.Datasets;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>Flips images that need no other geometric transform. Pixels are permuted without interpolation, so values stay exact.</summary>
internal sealed class RandomFlip(AugmentationSpec spec, Device device) : IBatchTransform
{
    private const long RowAxis = 2;
    private const long ColumnAxis = 3;

    /// <summary><c>[N,2,1,1,1]</c>: whether the columns, and whether the rows change places.</summary>
    public Tensor Terms(ImageTransform[] changes)
    {
        bool[] mirrored = [.. changes.SelectMany(change => new[] { change.MirrorHorizontal, change.MirrorVertical })];
        using var terms = tensor(mirrored, [changes.Length, 2, 1, 1, 1], device: CPU);
        return HostCopy.ToDevice(terms, device);
    }

    public Tensor Apply(Tensor planes, Tensor terms)
    {
        using var scope = NewDisposeScope();
        var mirrored = planes.alias();
        if (spec.HorizontalFlip)
        {
            mirrored = where(terms.select(1, 0), mirrored.flip(ColumnAxis), mirrored);
        }

        if (spec.VerticalFlip)
        {
            mirrored = where(terms.select(1, 1), mirrored.flip(RowAxis), mirrored);
        }

        return mirrored.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        // Owns no tensors.
    }
}
