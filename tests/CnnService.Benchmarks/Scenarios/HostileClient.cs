using System.Globalization;
using System.Text;
using System.Text.Json;
using CnnService.Benchmarks.Hostile;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Many requests over every operation of the OpenAPI text, made from its schemas and broken one rule at a time. None may be answered 500 or
/// not at all, none may take a second longer than its limit, and resident memory must stay level after a warm-up.
/// </summary>
internal static class HostileClient
{
    private const string Model = "shapes";
    private const double MemoryGrowth = 1.10;
    private const int Shown = 300;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(65);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Arguments arguments)
    {
        var (count, seed) = (arguments.Whole("--count", 20_000), arguments.Whole("--seed", 1));
        await using var bench = await Workbench.StartAsync("--Logging:LogLevel:Default=Error");
        var maker = await PrepareAsync(bench, seed);
        if (arguments.Whole("--only", -1) is >= 0 and var only)
        {
            await ShowAsync(bench, maker.Make(only));
            return;
        }

        var warmUp = arguments.Whole("--warm-up", count / 4);
        var tally = new Tally();
        await SendAsync(bench, maker, tally, 0, warmUp, arguments.Whole("--connections", 4));
        var early = await PrintMemoryAsync(bench, warmUp);
        var late = early;
        for (var (round, sent) = (0, warmUp); round < arguments.Whole("--rounds", 1); round++, sent += count - warmUp)
        {
            await SendAsync(bench, maker, tally, sent, sent + count - warmUp, arguments.Whole("--connections", 4));
            late = await PrintMemoryAsync(bench, sent + count - warmUp);
        }

        tally.Lines().ToList().ForEach(Figures.Print);
        Figures.Print($"all {tally.Total}: {tally.Sum()}");
        tally.Undeclared().ToList().ForEach(line => Figures.Print($"not declared: {line}"));
        tally.Failures.ToList().ForEach(failure => Print("FAILED", failure.Request, failure.Answer));
        var lateAlone = await AgainAsync(bench, tally);
        Figures.Print(
            $"answers of 500 or none: {tally.Failures.Count}; late: {tally.Late.Count}, of these again when alone: {lateAlone}; resident "
            + $"MB after {warmUp}: {Figures.Megabytes(early).Text()}, at the end: {Figures.Megabytes(late).Text()}; "
            + $"alive: {!bench.Service.HasExited}");
        Environment.ExitCode =
            tally.Failures.IsEmpty && lateAlone == 0 && late <= MemoryGrowth * early && !bench.Service.HasExited ? 0 : 1;
    }

    /// <summary>A trained model, its data set and run, and requests that name them.</summary>
    private static async Task<RequestMaker> PrepareAsync(Workbench bench, int seed)
    {
        await bench.ImportAsync(Model);
        var run = await bench.TrainAsync(new { dataset = Model, epochs = 2, imageSize = 32, snapshotMebibytes = 50 });
        await bench.FinishedAsync(run);
        var image = (await bench.GetAsync($"datasets/{Model}/images?limit=1")).GetProperty("items")[0].GetProperty("id").GetString()!;
        var file = await bench.Service.Client.GetByteArrayAsync(new Uri($"datasets/{Model}/images/{image}", UriKind.Relative));
        var layers = (await bench.GetAsync("visualize")).GetProperty("layers");
        var layer = layers[0].GetProperty("name").GetString()!;
        var document = await bench.GetAsync("swagger/v1/swagger.json");
        return new(ApiOperation.ReadAll(document), new(Model, layer, run, image, file), bench.Service.Url.Authority, seed);
    }

    private static Task SendAsync(Workbench bench, RequestMaker maker, Tally tally, int from, int to, int connections) =>
        Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = connections }, async (number, _) =>
        {
            var request = maker.Make(number);
            var answer = await RawHttp.SendAsync(bench.Service.Url, request);
            tally.Add(request, answer);
            await EndAsync(bench, answer);
        });

    /// <summary>
    /// Prints and returns the resident bytes, and what the garbage collector has of them, once what the last requests needed has been given
    /// back: the least of a minute and a bit, in which the service trims its native heap at least once.
    /// </summary>
    private static async Task<long> PrintMemoryAsync(Workbench bench, int sent)
    {
        var (busy, resident) = (bench.Service.ResidentBytes, long.MaxValue);
        for (var waited = TimeSpan.Zero; waited < Settling; waited += Glance)
        {
            await Task.Delay(Glance);
            resident = Math.Min(resident, bench.Service.ResidentBytes);
        }

        var metrics = await bench.Service.Client.GetStringAsync(new Uri("metrics", UriKind.Relative));
        var committed = metrics.Split('\n').Single(
            line => line.StartsWith("dotnet_gc_last_collection_memory_committed_size_bytes", StringComparison.Ordinal)).Split(' ')[1];
        Figures.Print($"after {sent}: resident {Figures.Megabytes(busy).Text()} MB, settled {Figures.Megabytes(resident).Text()} MB, "
            + $"committed by the garbage collector {Figures.Megabytes(long.Parse(committed, CultureInfo.InvariantCulture)).Text()} MB; "
            + $"{Directory.GetFiles($"/proc/{bench.Service.Id}/fd").Length} file handles");
        return resident;
    }

    /// <summary>Cancels the work that a request started after all: what is measured is the answers, not trainings.</summary>
    private static async Task EndAsync(Workbench bench, Answer answer)
    {
        if (answer.Status != 202 || LocationOf(answer.Text) is not { } location)
        {
            return;
        }

        var (method, path) = location.Split('/') switch
        {
            ["", "runs" or "sweeps", _] => (HttpMethod.Post, $"{location}/cancel"),
            ["", "classify", "jobs", _] or ["", "comparisons", _] => (HttpMethod.Delete, location),
            _ => (HttpMethod.Get, "/health/live"),
        };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        using var ended = await bench.Service.Client.SendAsync(request);
    }

    private static string? LocationOf(string answer) => answer.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith("Location: ", StringComparison.OrdinalIgnoreCase))?["Location: ".Length..];

    /// <summary>Sends the late requests once more, one after another: others may have kept the processors busy.</summary>
    private static async Task<int> AgainAsync(Workbench bench, Tally tally)
    {
        var count = 0;
        foreach (var (request, first) in tally.Late)
        {
            var second = await RawHttp.SendAsync(bench.Service.Url, request);
            var isLate = second.Elapsed > request.Limit + TimeSpan.FromSeconds(1);
            count += isLate ? 1 : 0;
            Print($"{(isLate ? "LATE" : "late once")} after {first.Elapsed.TotalSeconds.Text()} s, alone "
                + $"{second.Elapsed.TotalSeconds.Text()} s", request, first);
        }

        return count;
    }

    private static async Task ShowAsync(Workbench bench, HostileRequest request)
    {
        var answer = await RawHttp.SendAsync(bench.Service.Url, request);
        Print($"{answer.Elapsed.TotalSeconds.Text("F3")} s", request, answer);
        Figures.Print(Encoding.UTF8.GetString(request.Bytes[..Math.Min(request.Bytes.Length, 5000)]));
        Figures.Print(answer.Text);
        Figures.Print(bench.Service.Output);
    }

    private static void Print(string what, HostileRequest request, Answer answer)
    {
        var sent = Encoding.UTF8.GetString(request.Bytes[..Math.Min(request.Bytes.Length, Shown)]);
        Figures.Print($"{what}: {request.Operation}, {request.Rule}: {answer.Status}\n  sent {JsonSerializer.Serialize(sent)}\n  received "
            + JsonSerializer.Serialize(answer.Text[..Math.Min(answer.Text.Length, Shown)]));
    }
}
