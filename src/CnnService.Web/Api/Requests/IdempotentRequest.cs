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
    IdempotencyStore Keys, string Operation, Func<string, CancellationToken, Task<T?>> Find,
    Func<string, CancellationToken, Task<Outcome<T>>> Make)
    where T : class
{
    /// <param name="http">The request, with or without a key.</param>
    /// <param name="body">The request body; a different body with the same key is a conflict.</param>
    /// <param name="id">The id of a new resource.</param>
    public async Task<Outcome<T>> RunAsync(HttpRequest http, JsonElement body, string id)
    {
        var cancel = http.HttpContext.RequestAborted;
        var given = IdempotencyKey.Read(http);
        if (given.Problem is { } invalid)
        {
            return invalid;
        }

        if (given.Value is not { Length: > 0 } key)
        {
            return await Make(id, cancel);
        }

        return await Keys.TakeAsync(Operation, key, JsonSerializer.SerializeToUtf8Bytes(body), id, cancel)
            .BindAsync(known => FindOrMakeAsync(key, known, id, cancel));
    }

    /// <param name="key">The key.</param>
    /// <param name="known">The id under which the key was stored before; null if it is new.</param>
    /// <param name="id">The id of a new resource.</param>
    /// <param name="cancel">Ends the work for the request.</param>
    private async Task<Outcome<T>> FindOrMakeAsync(string key, string? known, string id, CancellationToken cancel)
    {
        if (known is not null && await Find(known, cancel) is { } made)
        {
            return made;
        }

        var outcome = await Make(known ?? id, cancel);
        if (!outcome.Succeeded && known is null)
        {
            await Keys.ReleaseAsync(Operation, key, CancellationToken.None); // Else the key names what will never exist.
        }

        return outcome;
    }
}
