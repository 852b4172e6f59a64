using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores quantizations: of each version the newest.</summary>
internal sealed class QuantizationStore(Store store, TimeProvider clock)
{
    /// <summary>
    /// Adds a quantization in the place of the version's last one. Problems: <c>quantization.in-progress</c>,
    /// <c>quantization.too-many</c>.
    /// </summary>
    public Task<Outcome<QuantizationRow>> AddAsync(QuantizationRow row, int maxRunning, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<QuantizationRow>>(async context =>
    {
        var running = await context.Quantizations
            .Where(other => other.Work.State == WorkState.Queued || other.Work.State == WorkState.Running).ToListAsync(cancel);
        if (running.Exists(other => other.Model == row.Model && other.Version == row.Version))
        {
            return Problem.Conflict("quantization.in-progress",
                $"Version {row.Version} of model '{row.Model}' is being quantized already: GET its quantization until it has ended.");
        }

        if (running.Count >= maxRunning)
        {
            return new Problem(ProblemKind.Unavailable, "quantization.too-many",
                $"At most {maxRunning} quantizations may be in progress at a time; try again when one has ended.")
            { RetryAfter = TimeSpan.FromSeconds(30) };
        }

        row.CreatedAt = clock.GetUtcNow();
        context.Quantizations.Add(row);
        await context.SaveChangesAsync(cancel);
        await context.Quantizations.Where(other => other.Model == row.Model && other.Version == row.Version && other.Id != row.Id)
            .ExecuteDeleteAsync(cancel);
        return row;
    });

    /// <summary>The newest quantization of a version; null if there is none.</summary>
    public Task<QuantizationRow?> FindAsync(string model, int version, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Quantizations.AsNoTracking()
        .Where(row => row.Model == model && row.Version == version).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancel));

    /// <summary>Marks all images as judged, within the transaction that ends the work.</summary>
    public static Task CompleteAsync(StoreContext context, string id, CancellationToken cancel) =>
        context.Quantizations.Where(row => row.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Done, row => row.Total), cancel);
}
