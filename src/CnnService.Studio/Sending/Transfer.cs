using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Browser;

namespace CnnService.Studio.Sending;

/// <summary>Dropped files on their way to the service, in pieces.</summary>
internal sealed class Transfer(DroppedFiles files, string upload, long startedAt) : IAsyncDisposable
{
    private const int PieceBytes = 4 << 20;
    private const int MaxPause = 30;

    private readonly TarArchive? _archive = SourceName.IsArchive(files.Names) ? null : new TarArchive(files.Names, files.Sizes);
    private readonly CancellationTokenSource _ended = new();
    private long _startOffset;

    /// <summary>Raised when it has come further, breaks off or ends.</summary>
    public event Action? Changed;

    public DroppedFiles Files => files;

    /// <summary>The id of the upload.</summary>
    public string Upload => upload;

    public long Size => _archive?.Length ?? files.TotalBytes;

    public long Sent { get; private set; }

    public bool IsComplete => Sent >= Size;

    /// <summary>Why it cannot go on; null while it can.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether it waits for the service to answer again.</summary>
    public bool IsInterrupted { get; private set; }

    public TimeSpan? TimeLeft(TimeProvider clock)
    {
        var sent = Sent - _startOffset;
        var spent = clock.GetElapsedTime(startedAt);
        return sent <= 0 || spent < TimeSpan.FromSeconds(1) ? null : spent * ((double)(Size - Sent) / sent);
    }

    /// <summary>The size that dropped files will have when sent.</summary>
    public static long SizeOf(DroppedFiles files) =>
        SourceName.IsArchive(files.Names) ? files.TotalBytes : new TarArchive(files.Names, files.Sizes).Length;

    /// <summary>Sends what has not arrived yet. A connection that breaks is waited for; what the service refuses ends it.</summary>
    public async Task SendAsync(ICnnServiceClient client, TimeProvider clock)
    {
        var pause = 1;
        Failure = null;
        try
        {
            var state = await client.GetUploadAsync(upload, _ended.Token);
            (Sent, _startOffset) = (state.Offset, state.Offset);
            while (!IsComplete)
            {
                try
                {
                    await SendPieceAsync(client);
                    (pause, IsInterrupted) = (1, false);
                }
                catch (HttpRequestException)
                {
                    IsInterrupted = true;
                    Changed?.Invoke();
                    await Task.Delay(TimeSpan.FromSeconds(pause), clock, _ended.Token);
                    pause = Math.Min(2 * pause, MaxPause);
                }

                Changed?.Invoke();
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Given up by the person.
        }
#pragma warning disable CA1031 // Nobody awaits the sending: what broke it, whatever it is, has to be seen on the screen.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failure = failure;
        }

        Changed?.Invoke();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _ended.Dispose();
        await files.DisposeAsync();
    }

    private async Task SendPieceAsync(ICnnServiceClient client)
    {
        if (IsInterrupted)
        {
            Sent = (await client.GetUploadAsync(upload, _ended.Token)).Offset;
        }

        var piece = await ReadAsync(Sent);
        if (piece.Length == 0)
        {
            throw new IOException("A file has changed since it was dropped: drop the folder again.");
        }

        // The request closes the stream with itself.
        using var stream = new MemoryStream(piece, writable: false);
        await client.AppendToUploadAsync(upload, Sent.ToString(CultureInfo.InvariantCulture), stream, _ended.Token);
        Sent += piece.Length;
    }

    private Task<byte[]> ReadAsync(long offset) => _archive is not null
        ? _archive.ReadAsync(offset, PieceBytes, parts => files.ReadAsync(parts, _ended.Token))
        : files.ReadAsync([new FilePart(0, offset, Math.Min(Size, offset + PieceBytes))], _ended.Token);
}
