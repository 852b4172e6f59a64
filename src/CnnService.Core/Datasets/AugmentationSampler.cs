using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>
/// Draws random augmentations. An image's augmentation is a pure function of the seed, the epoch and its index, so it depends neither on
/// the batch it is in nor on where a run was resumed. Ranges and order of the transforms are those of Keras's
/// <c>ImageDataGenerator</c>, except that the shear is a tangent here.
/// </summary>
public static class AugmentationSampler
{
    private const ulong Purpose = 0x4155474D454E5431; // "AUGMENT1"

    /// <summary>
    /// Every parameter is drawn whatever the spec enables, so that changing one field leaves the draws of the others
    /// unchanged.
    /// </summary>
    /// <param name="spec">Ranges of the augmentation.</param>
    /// <param name="seed">The plan's seed.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">Of the image in the training source.</param>
    /// <param name="width">Of the image, pixels.</param>
    /// <param name="height">Of the image, pixels.</param>
    public static PictureChange Draw(AugmentationSpec spec, long seed, int epoch, int index, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var random = new CounterRandom((ulong)seed, Purpose, (ulong)epoch, (ulong)index);
        var degrees = Either(ref random, spec.Rotation);
        var down = Either(ref random, spec.HeightShift) * height;
        var right = Either(ref random, spec.WidthShift) * width;
        var tangent = Either(ref random, spec.Shear);
        var zoom = AffineMap.Zoom(Factor(ref random, spec.Zoom), Factor(ref random, spec.Zoom));
        var horizontal = Toss(ref random) && spec.HorizontalFlip;
        var vertical = Toss(ref random) && spec.VerticalFlip;
        var map = AffineMap.Turn(degrees)
            .After(AffineMap.Shift(right, down))
            .After(AffineMap.Shear(tangent))
            .After(zoom)
            .After(AffineMap.Mirror(horizontal, vertical));
        return new(
            map.AboutMiddle(width, height),
            horizontal,
            vertical,
            Factor(ref random, spec.Brightness),
            Factor(ref random, spec.Contrast),
            Factor(ref random, spec.Saturation),
            Box(ref random, spec.Cutout, width, height));
    }

    private static double Either(ref CounterRandom random, double most) => random.NextDouble(-most, most);

    private static double Factor(ref CounterRandom random, double most) => random.NextDouble(1 - most, 1 + most);

    private static bool Toss(ref CounterRandom random) => random.NextDouble() < 0.5;

    /// <summary>
    /// Its centre is uniform over the image, so that borders are covered as often as the rest (DeVries and Taylor,
    /// 2017).
    /// </summary>
    private static PictureBox Box(ref CounterRandom random, double share, int width, int height)
    {
        var (wide, high) = ((int)Math.Round(share * width), (int)Math.Round(share * height));
        var left = random.NextInt32(width) - (wide / 2);
        var top = random.NextInt32(height) - (high / 2);
        return new(left, top, left + wide, top + high);
    }
}
