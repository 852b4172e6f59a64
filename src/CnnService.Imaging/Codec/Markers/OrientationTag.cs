namespace CnnService.Imaging.Codec.Markers;

/// <summary>The value of an orientation tag, and which of a file's tags counts.</summary>
internal static class OrientationTag
{
    /// <summary>As stored.</summary>
    public const int Upright = 1;

    /// <summary>EXIF decides; XMP where EXIF has no such tag. A value outside 1 to 8 says nothing, but it is said.</summary>
    public static int Choose(int? exif, int? xmp) => (exif ?? xmp) is >= 1 and <= 8 and var value ? value : Upright;
}
