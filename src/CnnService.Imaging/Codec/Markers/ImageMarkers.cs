namespace CnnService.Imaging.Codec.Markers;

/// <summary>
/// What an image file says about its first image beside the pixels. The one read of a file's markers: whatever decodes asks it, so that
/// training, serving and display see the same image. Linear in the file, without decoding; no content makes it fail.
/// </summary>
/// <param name="Orientation">EXIF's 1 to 8: where the first stored row and column are in the upright image; 1 where none is told.</param>
/// <param name="Length">Bytes of the first image. What follows (a video, a second image, a depth map) is not looked at.</param>
/// <param name="IsTruncated">True where the first image surely ends before its end marker; false where only its decoder can tell.</param>
internal readonly record struct ImageMarkers(int Orientation, int Length, bool IsTruncated)
{
    public static ImageMarkers Read(ReadOnlySpan<byte> file) => ImageFormat.MediaTypeOf(file) switch
    {
        ImageFormat.Jpeg => JpegMarkers.Read(file),
        ImageFormat.Png => PngChunks.Read(file),
        ImageFormat.WebP => WebPChunks.Read(file),
        _ => new(OrientationTag.Upright, file.Length, IsTruncated: false),
    };
}
