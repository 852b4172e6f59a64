using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Web.Tests;

/// <summary>Decodes no image until the test ends.</summary>
internal sealed class EndlessDecoder : IImageDecoder
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void End() => _end.TrySetResult();

    public Outcome<ImageHeader> ReadHeader(ReadOnlyMemory<byte> file) => new ImageHeader("image/png", 1, 1, IsGrey: false);

    public Outcome<PixelBuffer> Decode(ReadOnlyMemory<byte> file, DecodeTarget target)
    {
        _end.Task.Wait(TestContext.Current.CancellationToken);
        return Problem.Unprocessable("image.unreadable", "Nobody waits for it.");
    }
}
