using System.Threading.Channels;

namespace CnnService.Web.Monitoring;

/// <summary>Pictures that wait for one reader, bounded by number and by bytes. Writers never wait. Thread safe.</summary>
/// <param name="most">Pictures that may wait.</param>
/// <param name="mostBytes">Bytes of their files.</param>
internal sealed class PictureQueue<T>(int most, long mostBytes)
{
    private readonly Channel<(T Item, ServedPicture Picture)> _waiting =
        Channel.CreateBounded<(T, ServedPicture)>(new BoundedChannelOptions(most) { SingleReader = true });

    private long _bytes;

    /// <summary>False where there is no room.</summary>
    public bool TryWrite(T item, ServedPicture picture)
    {
        if (Interlocked.Add(ref _bytes, picture.File.Length) <= mostBytes && _waiting.Writer.TryWrite((item, picture)))
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -picture.File.Length);
        return false;
    }

    public async IAsyncEnumerable<(T Item, ServedPicture Picture)> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var next in _waiting.Reader.ReadAllAsync(cancel))
        {
            yield return next;
            Interlocked.Add(ref _bytes, -next.Picture.File.Length);
        }
    }
}
