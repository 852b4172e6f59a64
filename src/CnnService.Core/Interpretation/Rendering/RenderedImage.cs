namespace CnnService.Core.Interpretation.Rendering;

/// <summary>A finished image file.</summary>
/// <param name="Png">The PNG file; the same request gives the same bytes.</param>
/// <param name="ETag">Strong entity tag, hex, without the quotes of HTTP.</param>
#pragma warning disable CA1819 // The file is the point of this record.
public record RenderedImage(byte[] Png, string ETag);
#pragma warning restore CA1819
