namespace CnnService.Core.Datasets;

/// <summary>A source without images: the validation split of a data set that has none.</summary>
public sealed class EmptyPixelSource(int height, int width, int channels) : IPixelSource
{
    public int Count => 0;

    public int Height => height;

    public int Width => width;

    public int Channels => channels;

    public int Label(int index) => throw new ArgumentOutOfRangeException(nameof(index), index, "there are no images");

    public ReadOnlySpan<byte> Pixels(int index) => throw new ArgumentOutOfRangeException(nameof(index), index, "there are no images");

    public void Dispose()
    {
        // There is nothing to release.
    }
}
