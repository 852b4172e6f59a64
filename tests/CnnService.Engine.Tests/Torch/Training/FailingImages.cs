using CnnService.Core.Datasets;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>Images of another source, one of which fails to be read, as where the device's memory runs out.</summary>
internal sealed class FailingImages(IPixelSource images, int failsAt) : IPixelSource
{
    public int Count => images.Count;

    public int Height => images.Height;

    public int Width => images.Width;

    public int Channels => images.Channels;

    public int Label(int index) => images.Label(index);

#pragma warning disable CA2201 // What the runtime throws.
    public ReadOnlySpan<byte> Pixels(int index) => index == failsAt ? throw new OutOfMemoryException() : images.Pixels(index);
#pragma warning restore CA2201

    public void Dispose() => images.Dispose();
}
