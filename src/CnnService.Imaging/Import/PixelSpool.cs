using Microsoft.Win32.SafeHandles;

namespace CnnService.Imaging.Import;

/// <summary>
/// Temporary file of decoded images of one size, by number, for an import that does not yet know the split of each. Deleted on dispose.
/// Thread safe.
/// </summary>
internal sealed class PixelSpool : IDisposable
{
    private readonly SafeFileHandle _file;

    public PixelSpool(string folder)
    {
        _file = File.OpenHandle(
            Path.Combine(Directory.CreateDirectory(folder).FullName, $"spool-{Guid.NewGuid():N}"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            FileOptions.DeleteOnClose);
    }

    /// <param name="number">Index of the image, from 0.</param>
    /// <param name="pixels">The same number of bytes for every image.</param>
    public void Write(int number, ReadOnlySpan<byte> pixels) => RandomAccess.Write(_file, pixels, (long)number * pixels.Length);

    public void Read(int number, Span<byte> pixels)
    {
        for (var done = 0; done < pixels.Length;)
        {
            var read = RandomAccess.Read(_file, pixels[done..], ((long)number * pixels.Length) + done);
            done += read > 0 ? read : throw new EndOfStreamException($"Image {number} is not in the spool.");
        }
    }

    public void Dispose() => _file.Dispose();
}
