using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using CnnService.Benchmarks.Hostile;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Image files with mutated headers: posted to /classify, each must get an answer or a declared refusal; every twentieth goes into a data
/// set too, which must tell of the one file and import the rest. The process stays alive and its memory level.
/// </summary>
internal static class FuzzImages
{
    private const double MemoryGrowth = 1.10;
    private const int ImportedEvery = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What an unreadable image may be answered with.</summary>
    private static readonly int[] Declared = [200, 400, 413, 415, 422];

    public static async Task RunAsync(Arguments arguments)
    {
        var (count, seed) = (arguments.Whole("--count", 20_000), arguments.Whole("--seed", 1));
        var mutations = ImageMutations.Read(arguments.Required(0, "a folder of image files"), seed);
        await using var bench = await Workbench.StartAsync("--Logging:LogLevel:Default=Error");
        await bench.ImportAsync("shapes");
        await bench.FinishedAsync(await bench.TrainAsync(new { dataset = "shapes", epochs = 1, imageSize = 32 }));

        var tally = new Tally();
        var connections = arguments.Whole("--connections", 4);
        await PostAsync(bench, mutations, tally, 0, count / 4, connections);
        var early = bench.Service.ResidentBytes;
        await PostAsync(bench, mutations, tally, count / 4, count, connections);
        var late = bench.Service.ResidentBytes;
        var imported = await ImportAsync(bench, mutations, count);

        tally.Lines().ToList().ForEach(Figures.Print);
        Figures.Print($"import of {count / ImportedEvery} of them: {imported}");
        Figures.Print(
            $"{count} files, seed {seed}: {tally.Undeclared} undeclared, slowest {tally.Slowest.TotalMilliseconds.Text("F0")} ms; "
            + $"resident MB after a quarter: {Figures.Megabytes(early).Text()}, at the end: {Figures.Megabytes(late).Text()}; "
            + $"alive: {!bench.Service.HasExited}");
        Environment.ExitCode =
            tally.Undeclared == 0 && tally.Slowest < Patience && late <= MemoryGrowth * early && !bench.Service.HasExited ? 0 : 1;
    }

    private static Task PostAsync(Workbench bench, ImageMutations mutations, Tally tally, int from, int to, int connections) =>
        Parallel.ForEachAsync(
            Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = connections }, async (number, cancel) =>
            {
                using var content = new ByteArrayContent(mutations.Make(number));
                content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
                var watch = Stopwatch.StartNew();
                using var answer = await bench.Service.Client.PostAsync(new Uri("classify", UriKind.Relative), content, cancel);
                var text = await answer.Content.ReadAsStringAsync(cancel);
                tally.Add(number, (int)answer.StatusCode, text, watch.Elapsed);
            });

    /// <summary>Imports some of the files in two classes and tells how it ended.</summary>
    private static async Task<string> ImportAsync(Workbench bench, ImageMutations mutations, int count)
    {
        var path = Path.Combine(Path.GetTempPath(), $"cnnservice-{Guid.NewGuid():N}.zip");
        await using (var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create))
        {
            for (var number = 0; number < count; number += ImportedEvery)
            {
                await using var entry = await zip.CreateEntry($"{(number % 2 == 0 ? "even" : "odd")}/{number / 2}.jpg").OpenAsync();
                await entry.WriteAsync(mutations.Make(number));
            }

            for (var number = 0; number < 4; number++)
            {
                await using var entry = await zip.CreateEntry($"{(number % 2 == 0 ? "even" : "odd")}/whole{number}.jpg").OpenAsync();
                await entry.WriteAsync(mutations.Whole);
            }
        }

        try
        {
            await bench.ImportAsync("mutated", path);
            var dataset = await bench.GetAsync("datasets/mutated");
            var images = dataset.GetProperty("classes").EnumerateArray().Sum(one => new[] { "train", "validation", "test" }
                .Sum(split => one.GetProperty(split).GetInt32()));
            return $"{images} images, {dataset.GetProperty("rejected").GetArrayLength()} rejected with reasons";
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class Tally
    {
        private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
        private readonly Lock _gate = new();

        public int Undeclared { get; private set; }

        public TimeSpan Slowest { get; private set; }

        public void Add(int number, int status, string text, TimeSpan took)
        {
            _answers.AddOrUpdate($"{status} {Code(status, text)}", 1, (_, before) => before + 1);
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

        private static string Code(int status, string text) => status == 200
            ? "classified"
            : JsonSerializer.Deserialize<JsonElement>(text).GetProperty("code").GetString()!;
    }
}
