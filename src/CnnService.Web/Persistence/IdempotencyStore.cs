using System.Security.Cryptography;
using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Remembers what was made under an idempotency key, so that a repeated request makes nothing twice.</summary>
internal sealed class IdempotencyStore(Store store, TimeProvider clock)
{
    public const string Header = "Idempotency-Key";

    private const int MaxKeyLength = 200;

    /// <summary>How long a key is remembered: far longer than anyone repeats a request.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The resource made under the key; null where the key is new, then it is taken for <paramref name="resource"/>.
    /// The same key with another body is a conflict. What a known key names may not be there yet: its maker is still at work, or
    /// died; making it again under that name is right in both cases.
    /// </summary>
    public Task<Outcome<string?>> TakeAsync(
        string operation, string key, ReadOnlyMemory<byte> body, string resource, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<string?>>(async context =>
    {
        if (key.Length > MaxKeyLength)
        {
            return Problem.Invalid("idempotency.key-too-long", $"An {Header} may have {MaxKeyLength} characters.");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(body.Span));
        var row = new IdempotencyRow { Key = $"{operation}|{key}", BodyHash = hash, Resource = resource, CreatedAt = clock.GetUtcNow() };
        context.IdempotencyKeys.Add(row);
        try
        {
            await context.SaveChangesAsync(cancel);
            return Outcome.Success<string?>(null);
        }
        catch (DbUpdateException duplicate) when (Store.IsDuplicate(duplicate))
        {
            context.ChangeTracker.Clear();
            var known = await context.IdempotencyKeys.AsNoTracking().SingleAsync(known => known.Key == row.Key, cancel);
            return known.BodyHash == hash
                ? Outcome.Success<string?>(known.Resource)
                : Problem.Conflict("idempotency.mismatch", $"The {Header} was used for another request.");
        }
    });

    /// <summary>Forgets the keys taken before a time.</summary>
    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancel = default) =>
        store.UseAsync(context => context.IdempotencyKeys.Where(row => row.CreatedAt < before).ExecuteDeleteAsync(cancel));

    /// <summary>Gives a key back whose request was refused.</summary>
    public Task ReleaseAsync(string operation, string key, CancellationToken cancel = default) =>
        store.UseAsync(context => context.IdempotencyKeys.Where(row => row.Key == $"{operation}|{key}").ExecuteDeleteAsync(cancel));
}
