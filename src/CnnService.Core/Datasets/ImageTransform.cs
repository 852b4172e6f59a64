namespace CnnService.Core.Datasets;

/// <summary>The sampled augmentation of one image in one epoch.</summary>
/// <param name="Map">Maps each output pixel to its source position; includes the flips.</param>
/// <param name="MirrorHorizontal">Whether left and right are flipped.</param>
/// <param name="MirrorVertical">Whether top and bottom are flipped.</param>
/// <param name="Brightness">Factor on all values; 1: unchanged.</param>
/// <param name="Contrast">Factor on the distance from the image's mean grey; 1: unchanged.</param>
/// <param name="Saturation">Factor on each pixel's distance from its own grey; 1: unchanged.</param>
/// <param name="Cutout">The region that is covered; may be empty.</param>
public readonly record struct ImageTransform(
    AffineMap Map, bool MirrorHorizontal, bool MirrorVertical, double Brightness, double Contrast, double Saturation, CropBox Cutout);

/// <summary>A rectangle in pixels; may reach beyond the image.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">First column after it.</param>
/// <param name="Bottom">First row after it.</param>
public readonly record struct CropBox(int Left, int Top, int Right, int Bottom);
