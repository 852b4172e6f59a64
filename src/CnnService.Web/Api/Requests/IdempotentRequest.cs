using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Requests;

/// <summary>One thing made a key, whoever repeats the request, at the same time or after a crash between key and thing.</summary>
/// <param name="Keys">The keys taken.</param>
/// <param name="Operation">What a key is for.</param>
/// <param name="Find">The thing of an id, if it was made.</param>
/// <param name="Make">Makes it under an id.</param>
internal sealed record IdempotentRequest<T>(IdempotencyStore Keys, string Operation, Func<string, CancellationToken, Task<T?>> Find, Func<string, Task<Outcome<T>>> Make)
    where T : class
{
    /// <param name="http">May carry a key.</param>
    /// <param name="body">Of the request: another under the same key is a conflict.</param>
    /// <param name="id">For a new thing.</param>
    public async Task<Outcome<T>> RunAsync(HttpRequest http, JsonElement body, string id)
    {
        var key = http.Headers[IdempotencyStore.Header].ToString();
        if (key.Length == 0)
        {
            return await Make(id);
        }

        var known = await Keys.TakeAsync(Operation, key, JsonSerializer.SerializeToUtf8Bytes(body), id);
        if (known.Problem is { } mismatch)
        {
            return mismatch;
        }

        if (known.Value is { } earlier && await Find(earlier, http.HttpContext.RequestAborted) is { } made)
        {
            return made;
        }

        var outcome = await Make(known.Value ?? id);
        if (!outcome.Succeeded && known.Value is null)
        {
            await Keys.ReleaseAsync(Operation, key);
        }

        return outcome;
    }
}
