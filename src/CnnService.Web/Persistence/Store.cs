using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// Opens contexts of the configured provider. Throws <see cref="StoreUnavailableException"/> if the database does not answer, and the
/// exception of <see cref="Core.Common.DiskFullErrors"/> if the disk is full. Thread safe.
/// </summary>
internal sealed class Store(Func<StoreContext> open, ReservedSpace reserve)
{
    /// <summary>Shorter than the retries after a lost connection: health checks need an early answer.</summary>
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(3);

    /// <summary>Raised with the model's name after this process may have changed its versions or aliases.</summary>
    public event Action<string>? ModelChanged;

    public async Task<T> UseAsync<T>(Func<StoreContext, Task<T>> use)
    {
        try
        {
            return await UseOnceAsync(use);
        }
        catch (Exception failure) when (IsDiskFull(failure) && reserve.Release())
        {
            return await UseOnceAsync(use); // The first try was rolled back.
        }
        catch (Exception failure) when (IsDiskFull(failure))
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
                return await RaiseChangesAsync(context, use);
            }
        }
        catch (Exception failure) when (IsUnavailable(failure))
        {
            throw new StoreUnavailableException("The database does not answer or is busy; try again.", failure);
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

    /// <summary>Whether a row with the same key exists already.</summary>
    public static bool IsDuplicate(DbUpdateException failure) => failure.InnerException switch
    {
        Microsoft.Data.Sqlite.SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 1555 or 2067, // PRIMARYKEY, UNIQUE
        Npgsql.PostgresException postgres => postgres.SqlState == Npgsql.PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    private static bool IsDiskFull(Exception failure) => failure switch
    {
        DbUpdateException { InnerException: { } inner } => IsDiskFull(inner),
        Microsoft.Data.Sqlite.SqliteException sqlite => sqlite.SqliteErrorCode == 13, // FULL
        _ => false,
    };

    private static bool IsUnavailable(Exception failure) => failure switch
    {
        DbUpdateException { InnerException: { } inner } update => !IsDuplicate(update) && IsUnavailable(inner),
        Microsoft.EntityFrameworkCore.Storage.RetryLimitExceededException => true,
        Microsoft.Data.Sqlite.SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6,
        Npgsql.NpgsqlException postgres => postgres is not Npgsql.PostgresException || postgres.IsTransient,
        TimeoutException or DbException { IsTransient: true } => true,
        _ => false,
    };
}
