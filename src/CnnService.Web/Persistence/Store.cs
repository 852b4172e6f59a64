using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// Opens contexts of the configured provider; a database that does not answer becomes one exception, a full disk another
/// (<see cref="Core.Common.DiskFullErrors"/>). Thread safe.
/// </summary>
internal sealed class Store(Func<StoreContext> open, ReservedSpace reserve)
{
    /// <summary>Shorter than the tries after a lost connection take: who asks whether all is well wants to hear soon.</summary>
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(3);

    /// <summary>This process changed a model's versions or aliases.</summary>
    public event Action<string>? ModelChanged;

    public async Task<T> UseAsync<T>(Func<StoreContext, Task<T>> use)
    {
        try
        {
            return await UseOnceAsync(use);
        }
        catch (Exception failure) when (IsDiskFull(failure) && reserve.Release())
        {
            return await UseOnceAsync(use); // Nothing of the first time was kept.
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
                context.ChangedModels.Clear(); // Contexts are used again.
                return await TellingAsync(context, use);
            }
        }
        catch (Exception failure) when (IsUnavailable(failure))
        {
            throw new StoreUnavailableException("The database does not answer or is busy; try again.", failure);
        }
    }

    /// <summary>Also where it failed: whether a change was committed is then not known.</summary>
    private async Task<T> TellingAsync<T>(StoreContext context, Func<StoreContext, Task<T>> use)
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

    /// <summary>Asks the database for something small.</summary>
    /// <exception cref="StoreUnavailableException">It does not answer soon.</exception>
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

    /// <summary>True where the failure is a row that exists already.</summary>
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
