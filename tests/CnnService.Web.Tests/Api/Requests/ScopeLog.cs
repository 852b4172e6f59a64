using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CnnService.Web.Tests.Api.Requests;

/// <summary>Keeps what is logged, with the ids of the scopes it is logged in.</summary>
[ProviderAlias("Scopes")]
internal sealed class ScopeLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<Entry> _entries = [];
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<Entry> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => new Writer(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // Nothing is held.
    }

    /// <param name="Level">Of the message.</param>
    /// <param name="Text">The message.</param>
    /// <param name="Ids">Each RequestId and RunId in its scopes.</param>
    internal sealed record Entry(LogLevel Level, string Text, string[] Ids);

    private sealed class Writer(ScopeLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                List<string> ids = [];
                log._scopes.ForEachScope((scope, found) => found.AddRange(Ids(scope)), ids);
                log._entries.Enqueue(new(logLevel, formatter(state, exception), [.. ids]));
            }
        }

        private static IEnumerable<string> Ids(object? scope) => scope is IEnumerable<KeyValuePair<string, object?>> values
            ? values.Where(value => value.Key is "RequestId" or "RunId").Select(value => $"{value.Value}")
            : [];
    }
}
