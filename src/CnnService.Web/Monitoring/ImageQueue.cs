using System.Threading.Channels;

namespace CnnService.Web.Monitoring;

/// <summary>A queue of images for a single reader, bounded in number and bytes. Writers never wait. Thread safe.</summary>
/// <param name="maxImages">Maximum number of queued images.</param>
/// <param name="maxBytes">Maximum total size of their files in bytes.</param>
internal sealed class ImageQueue<T>(int maxImages, long maxBytes)
{
    private readonly Channel<(T Item, ObservedImage Image)> _waiting =
        Channel.CreateBounded<(T, ObservedImage)>(new BoundedChannelOptions(maxImages) { SingleReader = true });

    private long _bytes;

    /// <summary>False if the queue is full.</summary>
    public bool TryWrite(T item, ObservedImage image)
    {
        if (Interlocked.Add(ref _bytes, image.File.Length) <= maxBytes && _waiting.Writer.TryWrite((item, image)))
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -image.File.Length);
        return false;
    }

    public async IAsyncEnumerable<(T Item, ObservedImage Image)> ReadAllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var next in _waiting.Reader.ReadAllAsync(cancel))
        {
            yield return next;
            Interlocked.Add(ref _bytes, -next.Image.File.Length);
        }
    }
}
