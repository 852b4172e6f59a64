using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using CnnService.Benchmarks.Hostile;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Mutated archives, tables, Parquet, CIFAR and IDX files to a real service, as dry runs, which read all of a file but the pixels: each
/// must get an inspection or a declared refusal. Every hundredth is imported too. The process stays alive and its memory level.
/// </summary>
internal static class FuzzDatasets
{
    private const double MemoryGrowth = 1.25;
    private const int ImportedEvery = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly int[] Declared = [200, 400, 413, 415, 422];

    public static async Task RunAsync(Arguments arguments)
    {
        var (count, seed) = (arguments.Whole("--count", 20_000), arguments.Whole("--seed", 1));
        var mutations = new DatasetMutations(seed);
        await using var bench = await Workbench.StartAsync("--Logging:LogLevel:Default=Error");
        foreach (var (kind, file) in mutations.Sound())
        {
            var (status, text) = await PostAsync(bench, "sound", file, "?dryRun=true");
            Figures.Print($"{kind} without a fault: {status} {(status == 200 ? string.Empty : text)}");
        }

        var tally = new Tally();
        await InspectAsync(bench, mutations, tally, 0, count / 4, arguments.Whole("--connections", 4));
        var early = bench.Service.ResidentBytes;
        await InspectAsync(bench, mutations, tally, count / 4, count, arguments.Whole("--connections", 4));
        var late = bench.Service.ResidentBytes;
        var imported = await ImportAsync(bench, mutations, count);

        tally.Lines().ToList().ForEach(Figures.Print);
        Figures.Print($"imports: {imported}");
        Figures.Print(
            $"{count} files, seed {seed}: {tally.Undeclared} undeclared, slowest {tally.Slowest.TotalMilliseconds.Text("F0")} ms; "
            + $"resident MB after a quarter: {Figures.Megabytes(early).Text()}, at the end: {Figures.Megabytes(late).Text()}; "
            + $"alive: {!bench.Service.HasExited}");
        Environment.ExitCode =
            tally.Undeclared == 0 && tally.Slowest < Patience && late <= MemoryGrowth * early && !bench.Service.HasExited ? 0 : 1;
    }

    private static Task InspectAsync(Workbench bench, DatasetMutations mutations, Tally tally, int from, int to, int connections) =>
        Parallel.ForEachAsync(
            Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = connections }, async (number, _) =>
            {
                var (kind, file) = mutations.Make(number);
                var watch = Stopwatch.StartNew();
                var (status, text) = await PostAsync(bench, "fuzz", file, "?dryRun=true");
                tally.Add(number, kind, status, text, watch.Elapsed);
            });

    /// <summary>Imports some of the files, one after another, and tells how they ended.</summary>
    private static async Task<string> ImportAsync(Workbench bench, DatasetMutations mutations, int count)
    {
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var number = 0; number < count; number += ImportedEvery)
        {
            var (status, text) = await PostAsync(bench, $"fuzz-{number}", mutations.Make(number).File, string.Empty);
            var end = status == 202 ? await EndAsync(bench, $"fuzz-{number}") : Tally.Code(status, text);
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }

        return string.Join(", ", ends.Select(end => $"{end.Key} {end.Value}"));
    }

    private static async Task<string> EndAsync(Workbench bench, string name)
    {
        while (true)
        {
            var dataset = await bench.GetAsync($"datasets/{name}");
            switch (dataset.GetProperty("status").GetString())
            {
                case "ready":
                    return "ready";
                case "failed":
                    return dataset.GetProperty("failure").GetProperty("code").GetString()!;
                default:
                    await Task.Delay(20);
                    break;
            }
        }
    }

    private static async Task<(int Status, string Text)> PostAsync(Workbench bench, string name, byte[] file, string query)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(name), "name" }, { new ByteArrayContent(file), "file", "file" },
        };
        using var answer = await bench.Service.Client.PostAsync(new Uri($"datasets{query}", UriKind.Relative), form);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private sealed class Tally
    {
        private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
        private readonly Lock _gate = new();

        public int Undeclared { get; private set; }

        public TimeSpan Slowest { get; private set; }

        public static string Code(int status, string text) => status == 200
            ? "inspected" : JsonSerializer.Deserialize<JsonElement>(text).GetProperty("code").GetString()!;

        public void Add(int number, string kind, int status, string text, TimeSpan took)
        {
            _answers.AddOrUpdate($"{status} {Code(status, text)}: {kind}", 1, (_, before) => before + 1);
            lock (_gate)
            {
                Slowest = took > Slowest ? took : Slowest;
                if (!Declared.Contains(status))
                {
                    Undeclared++;
                    Figures.Print($"file {number}: {status} {text}");
                }
            }
        }

        public IEnumerable<string> Lines() => _answers.OrderByDescending(one => one.Value).Select(one => $"{one.Value,8} {one.Key}");
    }
}
