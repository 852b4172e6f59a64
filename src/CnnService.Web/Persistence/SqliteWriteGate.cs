using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace CnnService.Web.Persistence;

/// <summary>
/// Lets one connection of this process write to the embedded database at a time. SQLite makes writers wait anyway, but each on a thread of
/// its own: while another program holds the file, some dozen requests would then hold up everything else. Here all but one wait without a
/// thread. Thread safe.
/// </summary>
internal sealed class SqliteWriteGate(TimeProvider clock) : IDisposable
{
    private const int Busy = 5;

    /// <summary>As long as SQLite itself waits for the file; see <see cref="SqlitePragmas"/>.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>A writer that held the gate for so long has waited for the file, and did not get it.</summary>
    private static readonly TimeSpan FutileAfter = TimeSpan.FromSeconds(4);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly ConcurrentDictionary<DbConnection, long> _enteredAt = [];
    private long _futileAt = long.MinValue;

    /// <summary>Waits until no other connection writes; returns at once if this one does already.</summary>
    /// <exception cref="SqliteException">Busy: others wrote, or waited for the file in vain, all the time.</exception>
    public async ValueTask EnterAsync(DbConnection connection, CancellationToken cancel)
    {
        if (_enteredAt.ContainsKey(connection))
        {
            return;
        }

        var asked = clock.GetTimestamp();
        if (!await _one.WaitAsync(Limit, cancel))
        {
            throw Locked();
        }

        Begin(connection, asked);
    }

    /// <summary>As <see cref="EnterAsync"/>, blocking.</summary>
    public void Enter(DbConnection connection)
    {
        if (_enteredAt.ContainsKey(connection))
        {
            return;
        }

        var asked = clock.GetTimestamp();
        if (!_one.Wait(Limit))
        {
            throw Locked();
        }

        Begin(connection, asked);
    }

    /// <summary>Whether this connection writes.</summary>
    public bool IsIn(DbConnection connection) => _enteredAt.ContainsKey(connection);

    /// <summary>Lets the next one in; does nothing if this connection does not write.</summary>
    public void Leave(DbConnection connection)
    {
        if (!_enteredAt.TryRemove(connection, out var entered))
        {
            return;
        }

        if (clock.GetElapsedTime(entered) >= FutileAfter)
        {
            Volatile.Write(ref _futileAt, clock.GetTimestamp());
        }

        _one.Release();
    }

    public void Dispose() => _one.Dispose();

    /// <summary>One that has waited while another did so in vain does not begin to wait for the file anew.</summary>
    private void Begin(DbConnection connection, long asked)
    {
        if (Volatile.Read(ref _futileAt) > asked)
        {
            _one.Release();
            throw Locked();
        }

        _enteredAt[connection] = clock.GetTimestamp();
    }

    private static SqliteException Locked() => new("The database is locked.", Busy);
}
