using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Fitting;

/// <summary>Some images of a source, in the order they are named in. Does not own the source.</summary>
/// <param name="source">The source.</param>
/// <param name="rows">Indices of the images.</param>
internal sealed class SelectedImages(IPixelSource source, int[] rows) : IPixelSource
{
    public int Count => rows.Length;

    public int Height => source.Height;

    public int Width => source.Width;

    public int Channels => source.Channels;

    public int Label(int index) => source.Label(rows[index]);

    public ReadOnlySpan<byte> Pixels(int index) => source.Pixels(rows[index]);

    public void Dispose()
    {
        // The source belongs to whoever opened it.
    }
}
