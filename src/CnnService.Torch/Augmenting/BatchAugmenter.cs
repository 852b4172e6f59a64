using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>
/// Random augmentation of whole batches on their device, after decoding and before normalization. Transforms whose range in the spec is
/// zero are left out of the pipeline. Owns a few small tensors.
/// </summary>
internal sealed class BatchAugmenter : IDisposable
{
    private readonly AugmentationSpec _spec;
    private readonly IBatchTransform[] _steps;
    private readonly InputSpec _input;
    private readonly long _seed;

    private BatchAugmenter(AugmentationSpec spec, IBatchTransform[] steps, InputSpec input, long seed) =>
        (_spec, _steps, _input, _seed) = (spec, steps, input, seed);

    /// <summary>Creates the augmenter; null if the spec enables no transform.</summary>
    /// <param name="spec">The range of each transform.</param>
    /// <param name="seed">The training plan's seed.</param>
    /// <param name="input">Height, width and channels of the images.</param>
    /// <param name="device">The device of the batches.</param>
    internal static BatchAugmenter? Create(AugmentationSpec spec, long seed, InputSpec input, Device device)
    {
        IBatchTransform[] steps = [.. Steps(spec, input, device)];
        return steps.Length == 0 ? null : new(spec, steps, input, seed);
    }

    /// <summary>The random transform of one image in one epoch; a pure function of the seed, the epoch and the index.</summary>
    internal ImageTransform Draw(int index, int epoch) =>
        AugmentationSampler.Draw(_spec, _seed, epoch, index, _input.Width, _input.Height);

    /// <summary>What <see cref="Apply"/> needs to know about the transforms of some images, a tensor on the device for each step.</summary>
    /// <param name="changes">One transform per image.</param>
    internal Tensor[] Terms(ImageTransform[] changes) => [.. _steps.Select(step => step.Terms(changes))];

    /// <summary>Augments a batch.</summary>
    /// <param name="bytes">uint8 <c>[N,H,W,C]</c>, RGB.</param>
    /// <param name="terms">The rows of these images in what <see cref="Terms"/> gave.</param>
    /// <returns>float32 <c>[N,C,H,W]</c>, RGB, 0–255.</returns>
    internal Tensor Apply(Tensor bytes, Tensor[] terms)
    {
        using var scope = NewDisposeScope();
        using var floats = bytes.to_type(ScalarType.Float32);
        var planes = floats.permute(0, 3, 1, 2);
        foreach (var (step, rows) in _steps.Zip(terms))
        {
            using var before = planes;
            planes = step.Apply(before, rows);
        }

        return planes.MoveToOuterDisposeScope();
    }

    public void Dispose() => Array.ForEach(_steps, step => step.Dispose());

    private static IEnumerable<IBatchTransform> Steps(AugmentationSpec spec, InputSpec input, Device device)
    {
        if (spec.Rotation > 0 || spec.WidthShift > 0 || spec.HeightShift > 0 || spec.Shear > 0 || spec.Zoom > 0)
        {
            yield return new AffineWarp(input.Width, input.Height, spec.Fill, device);
        }
        else if (spec.HorizontalFlip || spec.VerticalFlip)
        {
            yield return new RandomFlip(spec, device);
        }

        if (spec.Brightness > 0 || spec.Contrast > 0 || (spec.Saturation > 0 && input.Channels == 3))
        {
            yield return new ColorJitter(spec, input.Channels, device);
        }

        if (spec.Cutout > 0)
        {
            yield return new Cutout(input.Width, input.Height, device);
        }
    }
}
