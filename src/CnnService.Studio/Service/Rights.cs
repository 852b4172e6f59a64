using System.Net;
using CnnService.Client;

namespace CnnService.Studio.Service;

/// <summary>
/// What the person may do here, found out once a key: the page offers nothing that the service would refuse. The API has no route that
/// tells a key's scopes, so a request that changes nothing and that needs the scope is sent: refused means no.
/// </summary>
internal sealed class Rights(CnnServiceClient client, KeyStore keys)
{
    private const string NoUpload = "none";

    private (string? Key, bool MayTrain)? _known;

    /// <summary>Whether data sets, runs and models may be made and changed.</summary>
    /// <exception cref="CnnServiceException">The service cannot tell, or asks for a key.</exception>
    public async Task<bool> MayTrainAsync(CancellationToken cancel)
    {
        if (_known is { } known && known.Key == keys.Key)
        {
            return known.MayTrain;
        }

        var may = await AskAsync(cancel);
        _known = (keys.Key, may);
        return may;
    }

    private async Task<bool> AskAsync(CancellationToken cancel)
    {
        try
        {
            await client.GetUploadAsync(NoUpload, cancel);
            return true;
        }
        catch (CnnServiceException refusal) when (refusal.StatusCode is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Forbidden)
        {
            return refusal.StatusCode == (int)HttpStatusCode.NotFound;
        }
    }
}
