using System.Collections.Concurrent;
using System.Diagnostics;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Minutes of load on /classify by an alias that moves between two versions every few seconds, while some clients hang up: every answer
/// must be 200 with what a single request of that version got, or a status that the contract names; resident memory must stay level.
/// </summary>
internal static class LoadWithSwaps
{
    /// <summary>One request in so many is given up in its first milliseconds.</summary>
    private const int HangUpEvery = 20;

    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder of images, train/<class>");
        var connections = arguments.Whole("--connections", 64);
        var seconds = arguments.Whole("--seconds", 600);
        var swap = TimeSpan.FromSeconds(arguments.Whole("--swap-every", 5));
        await using var bench = await Workbench.StartAsync();
        await ArticleModel.PublishAsync(bench, data, versions: 2);
        var classify = await CheckedClassify.CreateAsync(bench, ArticleModel.Files(data)[..arguments.Whole("--images", 100)]);
        await classify.PointAsync(1);
        var statuses = new ConcurrentDictionary<string, int>();
        var memory = new List<double>();
        using var ending = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var clients =
            Enumerable.Range(0, connections)
            .Select(client => Task.Run(() => ClientAsync(classify, client, statuses, ending.Token))).ToArray();
        for (var (swaps, started) = (0, Stopwatch.GetTimestamp()); !ending.IsCancellationRequested; swaps++)
        {
            await Task.Delay(swap);
            await classify.PointAsync(1 + (swaps % 2));
            memory.Add(Figures.Megabytes(bench.Service.ResidentBytes));
            if (swaps % 12 == 0)
            {
                Figures.Print(
                    $"{Stopwatch.GetElapsedTime(started).TotalSeconds.Text("F0")} s: {Text(statuses)}; resident {memory[^1].Text()} MB");
            }
        }

        await Task.WhenAll(clients);
        var early = Figures.Median(memory.Skip(memory.Count / 10).Take(Math.Max(1, memory.Count / 10)));
        var late = Figures.Median(memory.TakeLast(Math.Max(1, memory.Count / 10)));
        var sorted = classify.Latencies.Order().ToArray();
        Figures.Print(
            $"{connections} connections, {seconds} s: {Text(statuses)}; p50 {sorted[sorted.Length / 2].Text()} ms, p99 "
            + $"{sorted[sorted.Length * 99 / 100].Text()} ms, longest {sorted[^1].Text()} ms; resident "
            + $"{early.Text()} MB in the second tenth, {late.Text()} MB in the last; alive: {!bench.Service.HasExited}");
    }

    private static string Text(ConcurrentDictionary<string, int> statuses) =>
        string.Join(", ", statuses.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}"));

    private static async Task ClientAsync(
        CheckedClassify classify, int client, ConcurrentDictionary<string, int> statuses, CancellationToken ending)
    {
        var random = new Random(client);
        while (!ending.IsCancellationRequested)
        {
            var image = random.Next(classify.Images);
            using var patience = new CancellationTokenSource();
            if (random.Next(HangUpEvery) == 0)
            {
                patience.CancelAfter(random.Next(1, 40));
            }

            var outcome = await classify.AskAsync(image, patience.Token);
            statuses.AddOrUpdate(outcome, 1, (_, count) => count + 1);
        }
    }
}
