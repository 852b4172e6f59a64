using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Minutes of load on /classify by an alias that moves between two versions every few seconds, while some clients hang up: every answer
/// must be 200 with what a single request of that version got, or a status that the contract names; resident memory must stay level.
/// </summary>
internal static class LoadWithSwaps
{
    /// <summary>Single requests and batches may differ in the last bits.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>One request in so many is given up in its first milliseconds.</summary>
    private const int HangUpEvery = 20;

    private static readonly HashSet<int> Declared = [400, 413, 415, 422, 429, 503];

    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder of images, train/<class>");
        var connections = arguments.Whole("--connections", 64);
        var seconds = arguments.Whole("--seconds", 600);
        var swap = TimeSpan.FromSeconds(arguments.Whole("--swap-every", 5));
        await using var bench = await Workbench.StartAsync();
        await ArticleModel.PublishAsync(bench, data, versions: 2);
        await PointAsync(bench, 1);
        var files = ArticleModel.Files(data)[..arguments.Whole("--images", 100)];
        var expected = await ExpectedAsync(bench, files);
        var statuses = new ConcurrentDictionary<string, int>();
        var memory = new List<double>();
        var latencies = new ConcurrentBag<double>();
        using var ending = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var clients =
            Enumerable.Range(0, connections)
            .Select(client => Task.Run(() => ClientAsync(bench, files, expected, client, statuses, latencies, ending.Token))).ToArray();
        for (var (swaps, started) = (0, Stopwatch.GetTimestamp()); !ending.IsCancellationRequested; swaps++)
        {
            await Task.Delay(swap);
            await PointAsync(bench, 1 + (swaps % 2));
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
        var sorted = latencies.Order().ToArray();
        Figures.Print(
            $"{connections} connections, {seconds} s: {Text(statuses)}; p50 {sorted[sorted.Length / 2].Text()} ms, p99 "
            + $"{sorted[sorted.Length * 99 / 100].Text()} ms, longest {sorted[^1].Text()} ms; resident "
            + $"{early.Text()} MB in the second tenth, {late.Text()} MB in the last; alive: {!bench.Service.HasExited}");
    }

    private static string Text(ConcurrentDictionary<string, int> statuses) =>
        string.Join(", ", statuses.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}"));

    private static async Task ClientAsync(
        Workbench bench, byte[][] files, double[,] expected, int client, ConcurrentDictionary<string, int> statuses,
        ConcurrentBag<double> latencies, CancellationToken ending)
    {
        var random = new Random(client);
        while (!ending.IsCancellationRequested)
        {
            var image = random.Next(files.Length);
            using var patience = new CancellationTokenSource();
            if (random.Next(HangUpEvery) == 0)
            {
                patience.CancelAfter(random.Next(1, 40));
            }

            var outcome = await AskAsync(bench, files[image], expected, image, latencies, patience.Token);
            statuses.AddOrUpdate(outcome, 1, (_, count) => count + 1);
        }
    }

    private static async Task<string> AskAsync(
        Workbench bench, byte[] file, double[,] expected, int image, ConcurrentBag<double> latencies, CancellationToken patience)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            using var content = Jpeg(file);
            using var answer = await bench.Service.Client.PostAsync(new Uri($"classify?model={ArticleModel.Name}@load", UriKind.Relative),
                content, patience);
            var status = (int)answer.StatusCode;
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>(patience);
            latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return status != 200 ? $"{status} {(Declared.Contains(status) ? "declared" : "UNDECLARED")}"
                : Math.Abs(First(json) - expected[json.GetProperty("version").GetInt32() - 1, image]) <= Tolerance ? "200 right"
                : "200 WRONG";
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return "hung up";
        }
    }

    private static async Task<double[,]> ExpectedAsync(Workbench bench, byte[][] files)
    {
        var expected = new double[2, files.Length];
        for (var version = 1; version <= 2; version++)
        {
            for (var image = 0; image < files.Length; image++)
            {
                using var content = Jpeg(files[image]);
                using var answer = await bench.Service.Client.PostAsync(
                    new Uri($"classify?model={ArticleModel.Name}:{version}", UriKind.Relative), content);
                expected[version - 1, image] = First(await answer.Content.ReadFromJsonAsync<JsonElement>());
            }
        }

        return expected;
    }

    /// <summary>The probability of the class that comes first by name.</summary>
    private static double First(JsonElement answer) => answer.GetProperty("results")[0].GetProperty("top").EnumerateArray()
        .OrderBy(one => one.GetProperty("label").GetString(), StringComparer.Ordinal).First().GetProperty("probability").GetDouble();

    private static ByteArrayContent Jpeg(byte[] file) => new(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };

    private static async Task PointAsync(Workbench bench, int version)
    {
        using var answer = await bench.Service.Client.PutAsJsonAsync(new Uri($"models/{ArticleModel.Name}/aliases/load", UriKind.Relative),
            new { version });
        answer.EnsureSuccessStatusCode();
    }
}
