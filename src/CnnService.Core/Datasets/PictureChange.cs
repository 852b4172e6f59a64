namespace CnnService.Core.Datasets;

/// <summary>The changes of one picture in one epoch.</summary>
/// <param name="Map">Where each pixel comes from; the mirroring is part of it.</param>
/// <param name="MirrorHorizontal">Left and right change places.</param>
/// <param name="MirrorVertical">Top and bottom change places.</param>
/// <param name="Brightness">Factor of all values; 1: as it is.</param>
/// <param name="Contrast">Factor of the distance from the picture's mean grey; 1: as it is.</param>
/// <param name="Saturation">Factor of each pixel's distance from its own grey; 1: as it is.</param>
/// <param name="Cutout">The part that is covered, in pixels; may be empty.</param>
public readonly record struct PictureChange(
    AffineMap Map, bool MirrorHorizontal, bool MirrorVertical, double Brightness, double Contrast, double Saturation, PictureBox Cutout);

/// <summary>A part of a picture in pixels; may reach beyond its edges.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">First column after it.</param>
/// <param name="Bottom">First row after it.</param>
public readonly record struct PictureBox(int Left, int Top, int Right, int Bottom);
