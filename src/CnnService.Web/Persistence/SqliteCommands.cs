using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CnnService.Web.Persistence;

/// <summary>
/// Takes statements that change rows outside a transaction through <see cref="SqliteWriteGate"/>. EF Core reads rows by other calls.
/// </summary>
internal sealed class SqliteCommands(SqliteWriteGate gate) : DbCommandInterceptor
{
    /// <summary>Connections whose current statement entered the gate for itself.</summary>
    private readonly System.Collections.Concurrent.ConcurrentDictionary<DbConnection, bool> _alone = [];

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        if (!gate.IsIn(command.Connection!))
        {
            gate.Enter(command.Connection!);
            _alone[command.Connection!] = true;
        }

        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (!gate.IsIn(command.Connection!))
        {
            await gate.EnterAsync(command.Connection!, cancellationToken);
            _alone[command.Connection!] = true;
        }

        return result;
    }

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        Leave(command);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        Leave(command);
        return ValueTask.FromResult(result);
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Leave(command);

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(command);
        return Task.CompletedTask;
    }

    public override void CommandCanceled(DbCommand command, CommandEndEventData eventData) => Leave(command);

    public override Task CommandCanceledAsync(
        DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(command);
        return Task.CompletedTask;
    }

    private void Leave(DbCommand command)
    {
        if (_alone.TryRemove(command.Connection!, out _))
        {
            gate.Leave(command.Connection!);
        }
    }
}
