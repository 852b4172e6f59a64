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
    /// Every parameter is drawn whatever the spec enables, so that changing one field leaves the draws of the others unchanged.
    /// </summary>
    /// <param name="spec">Ranges of the augmentation.</param>
    /// <param name="seed">The plan's seed.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">Of the image in the training source.</param>
    /// <param name="width">Of the image, pixels.</param>
    /// <param name="height">Of the image, pixels.</param>
    public static ImageTransform Draw(AugmentationSpec spec, long seed, int epoch, int index, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var random = new CounterRandom((ulong)seed, Purpose, (ulong)epoch, (ulong)index);
        var degrees = DrawSymmetric(ref random, spec.Rotation);
        var down = DrawSymmetric(ref random, spec.HeightShift) * height;
        var right = DrawSymmetric(ref random, spec.WidthShift) * width;
        var tangent = DrawSymmetric(ref random, spec.Shear);
        var zoom = AffineMap.Scaling(DrawFactor(ref random, spec.Zoom), DrawFactor(ref random, spec.Zoom));
        var horizontal = DrawBoolean(ref random) && spec.HorizontalFlip;
        var vertical = DrawBoolean(ref random) && spec.VerticalFlip;
        var map = AffineMap.Rotation(degrees)
            .After(AffineMap.Translation(right, down))
            .After(AffineMap.Shear(tangent))
            .After(zoom)
            .After(AffineMap.Reflection(horizontal, vertical));
        return new(
            map.AboutCentre(width, height),
            horizontal,
            vertical,
            DrawFactor(ref random, spec.Brightness),
            DrawFactor(ref random, spec.Contrast),
            DrawFactor(ref random, spec.Saturation),
            DrawCutout(ref random, spec.Cutout, width, height));
    }

    private static double DrawSymmetric(ref CounterRandom random, double bound) => random.NextDouble(-bound, bound);

    private static double DrawFactor(ref CounterRandom random, double bound) => random.NextDouble(1 - bound, 1 + bound);

    private static bool DrawBoolean(ref CounterRandom random) => random.NextDouble() < 0.5;

    /// <summary>
    /// Its centre is uniform over the image, so that borders are covered as often as the rest (DeVries and Taylor, 2017).
    /// </summary>
    private static CropBox DrawCutout(ref CounterRandom random, double share, int width, int height)
    {
        var (wide, high) = ((int)Math.Round(share * width), (int)Math.Round(share * height));
        var left = random.NextInt32(width) - (wide / 2);
        var top = random.NextInt32(height) - (high / 2);
        return new(left, top, left + wide, top + high);
    }
}
