using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>
/// Random changes of whole batches on their device, between decoding and normalization. Kinds of change that the spec leaves at
/// zero are not carried out at all. Owns a few small tensors.
/// </summary>
internal sealed class BatchAugmenter : IDisposable
{
    private readonly AugmentationSpec _spec;
    private readonly IBatchChange[] _steps;
    private readonly InputSpec _input;
    private readonly long _seed;

    private BatchAugmenter(AugmentationSpec spec, IBatchChange[] steps, InputSpec input, long seed) =>
        (_spec, _steps, _input, _seed) = (spec, steps, input, seed);

    /// <summary>Null where the spec changes nothing.</summary>
    /// <param name="spec">How far changes may go.</param>
    /// <param name="seed">Of the plan.</param>
    /// <param name="input">The pictures' size.</param>
    /// <param name="device">Where they are.</param>
    internal static BatchAugmenter? Create(AugmentationSpec spec, long seed, InputSpec input, Device device)
    {
        IBatchChange[] steps = [.. Steps(spec, input, device)];
        return steps.Length == 0 ? null : new(spec, steps, input, seed);
    }

    /// <param name="bytes">uint8 <c>[N,H,W,C]</c>, RGB.</param>
    /// <param name="indices">Of the pictures in the training source.</param>
    /// <param name="epoch">From 0.</param>
    /// <returns>float32 <c>[N,C,H,W]</c>, RGB, 0–255.</returns>
    internal Tensor Apply(Tensor bytes, IReadOnlyList<int> indices, int epoch) =>
        Apply(bytes, [.. indices.Select(index => Draw(index, epoch))]);

    /// <summary>The change of a picture in an epoch.</summary>
    internal PictureChange Draw(int index, int epoch) =>
        AugmentationSampler.Draw(_spec, _seed, epoch, index, _input.Width, _input.Height);

    /// <inheritdoc cref="Apply(Tensor, IReadOnlyList{int}, int)"/>
    /// <param name="bytes">uint8 <c>[N,H,W,C]</c>, RGB.</param>
    /// <param name="changes">One a picture.</param>
    internal Tensor Apply(Tensor bytes, PictureChange[] changes)
    {
        using var scope = NewDisposeScope();
        using var floats = bytes.to_type(ScalarType.Float32);
        var planes = floats.permute(0, 3, 1, 2);
        foreach (var step in _steps)
        {
            using var before = planes;
            planes = step.Apply(before, changes);
        }

        return planes.MoveToOuterDisposeScope();
    }

    public void Dispose() => Array.ForEach(_steps, step => step.Dispose());

    private static IEnumerable<IBatchChange> Steps(AugmentationSpec spec, InputSpec input, Device device)
    {
        if (spec.Rotation > 0 || spec.WidthShift > 0 || spec.HeightShift > 0 || spec.Shear > 0 || spec.Zoom > 0)
        {
            yield return new AffineWarp(input.Width, input.Height, spec.Fill, device);
        }
        else if (spec.HorizontalFlip || spec.VerticalFlip)
        {
            yield return new Mirroring(spec);
        }

        if (spec.Brightness > 0 || spec.Contrast > 0 || (spec.Saturation > 0 && input.Channels == 3))
        {
            yield return new ColorChange(spec, input.Channels, device);
        }

        if (spec.Cutout > 0)
        {
            yield return new CutoutCover(input.Width, input.Height, device);
        }
    }
}
