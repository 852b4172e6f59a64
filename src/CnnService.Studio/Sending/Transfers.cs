using CnnService.Client;
using CnnService.Studio.Browser;

namespace CnnService.Studio.Sending;

/// <summary>
/// What this tab is sending. Files that were dropped are in this tab only: a transfer goes on while one looks at other screens, and after a
/// reload when the same files are dropped again.
/// </summary>
internal sealed class Transfers(CnnServiceClient client, TimeProvider clock)
{
    private readonly Dictionary<string, Transfer> _open = [];

    public Transfer? Find(string upload) => _open.GetValueOrDefault(upload);

    /// <summary>Begins to send.</summary>
    /// <exception cref="CnnServiceException">The service refuses it.</exception>
    public async Task<Transfer> StartAsync(DroppedFiles files, CancellationToken cancel)
    {
        var upload = await client.CreateUploadAsync(
            new UploadRequest { Size = Transfer.SizeOf(files), Name = SourceName.Suggest(files.Names) }, cancel);
        return Begin(files, upload.Id);
    }

    /// <summary>Goes on with an upload by the same files; false where they are others.</summary>
    public bool Resume(UploadResource upload, DroppedFiles files)
    {
        if (Transfer.SizeOf(files) != upload.Size)
        {
            return false;
        }

        Begin(files, upload.Id);
        return true;
    }

    /// <summary>Sends again what broke off.</summary>
    public void Retry(Transfer transfer) => _ = transfer.SendAsync(client, clock);

    public async Task EndAsync(string upload)
    {
        if (_open.Remove(upload, out var transfer))
        {
            await transfer.DisposeAsync();
        }
    }

    private Transfer Begin(DroppedFiles files, string upload)
    {
        var transfer = _open[upload] = new Transfer(files, upload, clock.GetTimestamp());
        Retry(transfer);
        return transfer;
    }
}
