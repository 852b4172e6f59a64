namespace CnnService.Core.Common;

/// <summary>A batch of images of one size, <c>[N,H,W,C]</c>, bytes 0–255.</summary>
/// <param name="Data">Exactly <c>Count*Height*Width*Channels</c> bytes.</param>
public readonly record struct PixelBatch(ReadOnlyMemory<byte> Data, int Count, int Height, int Width, int Channels)
{
    public int BytesPerImage => Height * Width * Channels;
}
