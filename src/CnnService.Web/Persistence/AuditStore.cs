using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Persistence;

/// <summary>Stores who changed what, for a time.</summary>
internal sealed class AuditStore(Store store, IOptions<RetentionOptions> options, TimeProvider clock)
{
    /// <summary>Stores a change that was made now.</summary>
    /// <param name="key">Name of the API key.</param>
    /// <param name="operation">Name of the operation.</param>
    /// <param name="resource">Path of what was changed or made.</param>
    /// <param name="status">The HTTP status that was answered.</param>
    /// <param name="cancel">Gives it up.</param>
    public Task AddAsync(string key, string operation, string resource, int status, CancellationToken cancel = default) =>
        store.UseAsync(context =>
        {
            context.Audit.Add(new()
            {
                Id = RunId.New(clock),
                At = clock.GetUtcNow(),
                Key = key,
                Operation = operation,
                Resource = resource,
                Status = status,
            });
            return context.SaveChangesAsync(cancel);
        });

    /// <summary>The newest changes, or those older than <paramref name="after"/>.</summary>
    public Task<List<AuditRow>> ListAsync(int limit, string? after, CancellationToken cancel) => store.UseAsync(context =>
        context.Audit.AsNoTracking().Where(row => after == null || row.Id.CompareTo(after) < 0)
            .OrderByDescending(row => row.Id).Take(limit).ToListAsync(cancel));

    /// <summary>Deletes what is older than it is to be kept.</summary>
    public Task ForgetAsync(CancellationToken cancel = default)
    {
        var before = clock.GetUtcNow() - options.Value.Audit;
        return store.UseAsync(context => context.Audit.Where(row => row.At < before).ExecuteDeleteAsync(cancel));
    }
}
