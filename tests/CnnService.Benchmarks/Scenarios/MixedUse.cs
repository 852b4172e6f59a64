using System.Diagnostics;
using CnnService.Benchmarks.Mixed;
using CnnService.Tests.Shared;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Everything at once for minutes: classification by an alias that moves, trainings, sweeps, imports, patterns and classifications of a
/// data set, while the training process is killed and the database crashes again and again. Nothing may be lost, every answer of 200 must
/// be right, and memory and file handles must stay level.
/// </summary>
internal static class MixedUse
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SwapEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Part = TimeSpan.FromMinutes(5);

    /// <summary>After which memory that was freed has been given back.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(90);

    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder of images, train/<class>");
        await using var database = await StartDatabaseAsync(arguments.Text("--database", "postgres"));
        await using var bench = await Workbench.StartAsync(Settings(database));
        var (tally, levels, acknowledged) = (new MixedTally(), new Levels(bench), new Acknowledged());
        bench.ToldToWait = tally.Count;
        await ArticleModel.PublishAsync(bench, data, versions: 2);
        await bench.ImportAsync(MixedUses.Dataset);
        var classify = await CheckedClassify.CreateAsync(bench, ArticleModel.Files(data)[..100]);
        await classify.PointAsync(1);
        using var archive = Archive.Of(data);
        var pause = TimeSpan.FromMilliseconds(arguments.Whole("--pause", 400));
        await levels.SampleAsync(TimeSpan.Zero);
        var started = Stopwatch.GetTimestamp();
        using var ending = new CancellationTokenSource(TimeSpan.FromMinutes(arguments.Number("--minutes", 30)));
        Task[] users =
        [
            .. Enumerable.Range(0, arguments.Whole("--connections", 32))
                .Select(client => ClassifyAsync(classify, tally, client, pause, ending.Token)),
            .. Others(bench, new(bench, archive.Path, tally, acknowledged), classify, tally, ending.Token),
            .. database is null ? Array.Empty<Task>()
                : [tally.RepeatAsync("database crashes", Part / 5, new DatabaseRestarts(database).RestartAsync, ending.Token)],
        ];
        while (!ending.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(SampleEvery, ending.Token));
            await levels.SampleAsync(Stopwatch.GetElapsedTime(started));
            Figures.Print($"{Stopwatch.GetElapsedTime(started).TotalSeconds.Text("F0")} s: {levels.Last()}; {tally.Text()}");
        }

        Figures.Print("no more is begun; waiting for what was");
        await Task.WhenAll(users);
        await Task.Delay(Rest);
        await levels.SampleAsync(Stopwatch.GetElapsedTime(started));
        Report(classify, tally, levels, await acknowledged.FindLostAsync(bench), bench);
    }

    private static async Task<PostgresProcess?> StartDatabaseAsync(string kind) => kind switch
    {
        "sqlite" => null,
        "postgres" when PostgresProcess.FindBinaries() is { } binaries => await PostgresProcess.CreateAsync(binaries),
        "postgres" => throw new ArgumentException($"--database postgres needs PostgreSQL under {PostgresProcess.Installed}."),
        _ => throw new ArgumentException($"--database is postgres or sqlite, not {kind}."),
    };

    private static string[] Settings(PostgresProcess? database) =>
    [
        "--Training:CheckpointEvery=00:00:05", "--Logging:LogLevel:Default=Error",
        .. database is null ? Array.Empty<string>() : [$"--ConnectionStrings:Postgres={database.Connection("postgres")}"],
    ];

    private static Task[] Others(
        Workbench bench, MixedUses uses, CheckedClassify classify, MixedTally tally, CancellationToken ending)
    {
        var killer = new ChildKiller(bench, tally);
        return
        [
            tally.RepeatAsync("runs", TimeSpan.FromSeconds(1), uses.TrainAsync, ending),
            tally.RepeatAsync("sweeps", TimeSpan.FromSeconds(20), uses.SweepAsync, ending),
            tally.RepeatAsync("imports", TimeSpan.FromSeconds(10), uses.ImportAsync, ending),
            tally.RepeatAsync("patterns", TimeSpan.FromSeconds(1), uses.DrawAsync, ending),
            tally.RepeatAsync("classified data sets", TimeSpan.FromSeconds(30), uses.ClassifyAllAsync, ending),
            tally.RepeatAsync("alias moves", SwapEvery, number => classify.PointAsync(1 + (number % 2)), ending),
            tally.RepeatAsync("looks for a process to kill", TimeSpan.FromSeconds(15), _ => killer.KillAsync(), ending),
        ];
    }

    private static async Task ClassifyAsync(
        CheckedClassify classify, MixedTally tally, int client, TimeSpan pause, CancellationToken ending)
    {
        var random = new Random(client);
        await tally.RepeatAsync("/classify", pause, async _ =>
        {
            var outcome = await classify.AskAsync(random.Next(classify.Images), CancellationToken.None);
            tally.Count($"/classify {outcome}");
            if (outcome.Contains("WRONG", StringComparison.Ordinal) || outcome.Contains("UNDECLARED", StringComparison.Ordinal))
            {
                tally.Fault($"/classify {outcome}");
            }
        }, ending);
    }

    private static void Report(
        CheckedClassify classify, MixedTally tally, Levels levels, IReadOnlyList<string> lost, Workbench bench)
    {
        var sorted = classify.Latencies.Order().ToArray();
        Figures.Print("what | how often");
        tally.Table().ToList().ForEach(Figures.Print);
        levels.Table(Part).ToList().ForEach(Figures.Print);
        tally.Faults().ToList().ForEach(Figures.Print);
        lost.ToList().ForEach(Figures.Print);
        Figures.Print(
            $"lost: {lost.Count}; /classify p50 {sorted[sorted.Length / 2].Text()} ms, p99 {sorted[sorted.Length * 99 / 100].Text()} ms; "
            + $"level: {levels.AreLevel()}; alive: {!bench.Service.HasExited}");
        Environment.ExitCode = tally.IsSound && lost.Count == 0 && levels.AreLevel() && !bench.Service.HasExited ? 0 : 1;
    }
}
