using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// Opens contexts of the configured provider. Throws <see cref="StoreUnavailableException"/> if the database does not answer, and the
/// exception of <see cref="Core.Common.DiskFullErrors"/> if the disk is full. Thread safe.
/// </summary>
/// <param name="open">Opens a context.</param>
/// <param name="reserve">Is given up when the disk is full.</param>
/// <param name="availability">Tells the log of outages; null: nobody does.</param>
internal sealed class Store(Func<StoreContext> open, ReservedSpace reserve, StoreAvailability? availability = null)
{
    /// <summary>Shorter than the retries after a lost connection: health checks need an early answer.</summary>
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(3);

    /// <summary>Raised with the model's name after this process may have changed its versions or aliases.</summary>
    public event Action<string>? ModelChanged;

    /// <summary>Raised after each operation that succeeded: the database answers.</summary>
    public event Action? Answered;

    public async Task<T> UseAsync<T>(Func<StoreContext, Task<T>> use)
    {
        try
        {
            return await UseOnceAsync(use);
        }
        catch (Exception failure) when (StoreFailure.IsDiskFull(failure) && reserve.Release())
        {
            return await UseOnceAsync(use); // The first try was rolled back.
        }
        catch (Exception failure) when (StoreFailure.IsDiskFull(failure))
        {
            throw Core.Common.DiskFullErrors.Wrap(failure);
        }
    }

    private async Task<T> UseOnceAsync<T>(Func<StoreContext, Task<T>> use)
    {
        try
        {
            var context = open();
            await using (context)
            {
                context.ChangedModels.Clear(); // Contexts are pooled.
                var result = await RaiseChangesAsync(context, use);
                availability?.Answered();
                Answered?.Invoke();
                return result;
            }
        }
        catch (Exception failure) when (StoreFailure.IsUnavailable(failure))
        {
            var away = StoreUnavailableException.From(failure);
            availability?.Failed(away);
            throw away;
        }
    }

    /// <summary>Raises the event after a failure too: it is then unknown whether the change was committed.</summary>
    private async Task<T> RaiseChangesAsync<T>(StoreContext context, Func<StoreContext, Task<T>> use)
    {
        try
        {
            return await use(context);
        }
        finally
        {
            foreach (var model in context.ChangedModels)
            {
                ModelChanged?.Invoke(model);
            }
        }
    }

    public Task UseAsync(Func<StoreContext, Task> use) => UseAsync(async context =>
    {
        await use(context);
        return true;
    });

    /// <summary>Runs a trivial query.</summary>
    /// <exception cref="StoreUnavailableException">The database does not answer within three seconds.</exception>
    public async Task ProbeAsync(CancellationToken cancel = default)
    {
        try
        {
            await UseAsync(context => context.Runs.AnyAsync(cancel)).WaitAsync(ProbeLimit, cancel);
        }
        catch (TimeoutException slow)
        {
            throw new StoreUnavailableException($"The database does not answer within {ProbeLimit.TotalSeconds} s.", slow);
        }
    }
}
