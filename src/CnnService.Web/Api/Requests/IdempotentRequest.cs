using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// Creates one resource per idempotency key, also for concurrent repetitions and after a crash between storing the key and creating the
/// resource.
/// </summary>
/// <param name="Keys">The store of keys.</param>
/// <param name="Operation">The operation that keys are scoped to.</param>
/// <param name="Find">Finds the resource of an id; null if it was not created.</param>
/// <param name="Make">Creates the resource with an id.</param>
internal sealed record IdempotentRequest<T>(
    IdempotencyStore Keys, string Operation, Func<string, CancellationToken, Task<T?>> Find, Func<string, Task<Outcome<T>>> Make)
    where T : class
{
    /// <param name="http">The request, with or without a key.</param>
    /// <param name="body">The request body; a different body with the same key is a conflict.</param>
    /// <param name="id">The id of a new resource.</param>
    public async Task<Outcome<T>> RunAsync(HttpRequest http, JsonElement body, string id)
    {
        var given = IdempotencyKey.Read(http);
        if (given.Problem is { } invalid)
        {
            return invalid;
        }

        if (given.Value is not { Length: > 0 } key)
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
