using System.Security.Cryptography;
using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores which resource was created under an idempotency key, so that a repeated request does not create another.</summary>
internal sealed class IdempotencyStore(Store store, TimeProvider clock)
{
    public const string Header = "Idempotency-Key";

    /// <summary>Maximum length of a key in characters.</summary>
    public const int MaxKeyLength = 200;

    /// <summary>Retention of keys, far longer than clients repeat requests.</summary>
    public static TimeSpan RetentionPeriod { get; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The resource created under the key; null if the key is new, which is then stored for <paramref name="resource"/>. The same key with
    /// another body is a conflict. The resource of a known key may not exist yet, because its creator is still at work or has died;
    /// creating it under that id is correct in both cases. Problem: <c>idempotency.mismatch</c>.
    /// </summary>
    public Task<Outcome<string?>> TakeAsync(
        string operation, string key, ReadOnlyMemory<byte> body, string resource, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<string?>>(async context =>
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(body.Span));
        var row = new IdempotencyRow { Key = $"{operation}|{key}", BodyHash = hash, Resource = resource, CreatedAt = clock.GetUtcNow() };
        context.IdempotencyKeys.Add(row);
        try
        {
            await context.SaveChangesAsync(cancel);
            return Outcome.Success<string?>(null);
        }
        catch (DbUpdateException duplicate) when (StoreFailure.IsDuplicate(duplicate))
        {
            context.ChangeTracker.Clear();
            var known = await context.IdempotencyKeys.AsNoTracking().SingleAsync(known => known.Key == row.Key, cancel);
            return known.BodyHash == hash
                ? Outcome.Success<string?>(known.Resource)
                : Problem.Conflict("idempotency.mismatch",
                    $"An {Header} must not be used for two different requests: send a new key, or the body it came with first.");
        }
    });

    /// <summary>Deletes the keys stored before a time.</summary>
    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancel = default) =>
        store.UseAsync(context => context.IdempotencyKeys.Where(row => row.CreatedAt < before).ExecuteDeleteAsync(cancel));

    /// <summary>Releases the key of a request that was rejected.</summary>
    public Task ReleaseAsync(string operation, string key, CancellationToken cancel = default) =>
        store.UseAsync(context => context.IdempotencyKeys.Where(row => row.Key == $"{operation}|{key}").ExecuteDeleteAsync(cancel));
}
