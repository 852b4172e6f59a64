using System.Collections.Concurrent;

namespace CnnService.Benchmarks.Hostile;

/// <summary>Counts answers by status and operation, and keeps those that break a promise. Thread safe.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<(string Operation, int Status), int> _counts = new();
    private readonly ConcurrentDictionary<(string Operation, int Status), string> _undeclared = new();

    /// <summary>The server's own answers, which no operation declares.</summary>
    private static readonly HashSet<int> OfTheServer = [0, 400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 416, 417, 431, 501, 505];

    public ConcurrentBag<(HostileRequest Request, Answer Answer)> Failures { get; } = [];

    public ConcurrentBag<(HostileRequest Request, Answer Answer)> Late { get; } = [];

    public int Total => _counts.Values.Sum();

    public void Add(HostileRequest request, Answer answer)
    {
        var key = (request.Operation.ToString(), answer.Status);
        _counts.AddOrUpdate(key, 1, (_, count) => count + 1);
        if (answer.Status is 500 or -1)
        {
            Failures.Add((request, answer));
        }

        if (answer.Elapsed > request.Limit + TimeSpan.FromSeconds(1))
        {
            Late.Add((request, answer));
        }

        if (!request.Operation.Statuses.Contains(answer.Status) && !OfTheServer.Contains(answer.Status)
            && !request.Rule.StartsWith("wire", StringComparison.Ordinal))
        {
            _undeclared.TryAdd(key, request.Rule);
        }
    }

    /// <summary>A line for each operation: its answers by status.</summary>
    public IEnumerable<string> Lines() => _counts.GroupBy(pair => pair.Key.Operation).OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => $"{group.Key}: {Text(group.Select(pair => (pair.Key.Status, pair.Value)))}");

    /// <summary>All answers by status.</summary>
    public string Sum() => Text(_counts.GroupBy(pair => pair.Key.Status).Select(group => (group.Key, group.Sum(pair => pair.Value))));

    /// <summary>Statuses that the OpenAPI text does not declare, with a rule that led to each.</summary>
    public IEnumerable<string> Undeclared() =>
        _undeclared.Select(pair => $"{pair.Key.Operation}: {pair.Key.Status} ({pair.Value})").Order(StringComparer.Ordinal);

    private static string Text(IEnumerable<(int Status, int Count)> counts) =>
        string.Join(", ", counts.OrderBy(pair => pair.Status).Select(pair => $"{pair.Status}: {pair.Count}"));
}
