using System.Net;
using CnnService.Client;

namespace CnnService.Studio.Service;

/// <summary>
/// What the person may do here, found out once a key: the page offers nothing that the service would refuse. The API has no route that
/// tells a key's scopes, so a request that changes nothing and that needs the scope is sent: refused means no.
/// </summary>
internal sealed class Rights(CnnServiceClient client, KeyStore keys)
{
    /// <summary>No upload is called so.</summary>
    private const string NoUpload = "none";

    /// <summary>No name of a model begins so.</summary>
    private const string NoModel = "-";

    private readonly Dictionary<(string? Key, bool Operates), bool> _known = [];

    /// <summary>Whether data sets, runs and versions may be made and changed.</summary>
    /// <exception cref="CnnServiceException">The service cannot tell, or asks for a key.</exception>
    public Task<bool> MayTrainAsync(CancellationToken cancel) => FindAsync(operates: false, () => client.GetUploadAsync(NoUpload, cancel));

    /// <summary>Whether it may be decided which version answers, and what of the callers' images is kept.</summary>
    /// <exception cref="CnnServiceException">The service cannot tell, or asks for a key.</exception>
    public Task<bool> MayOperateAsync(CancellationToken cancel) => FindAsync(operates: true, () => client.EndShadowAsync(NoModel, cancel));

    private async Task<bool> FindAsync(bool operates, Func<Task> ask)
    {
        if (_known.TryGetValue((keys.Key, operates), out var known))
        {
            return known;
        }

        var key = keys.Key;
        var may = await AskAsync(ask);
        _known[(key, operates)] = may;
        return may;
    }

    private static async Task<bool> AskAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return true;
        }
        catch (CnnServiceException answer) when (
            answer.StatusCode is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.BadRequest or (int)HttpStatusCode.Forbidden)
        {
            return answer.StatusCode != (int)HttpStatusCode.Forbidden;
        }
    }
}
