using System.Diagnostics;
using CnnService.Benchmarks.Mixed;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Everything at once for minutes: classification by an alias that moves, trainings, sweeps, imports, patterns and classifications of a
/// data set, while the training process is killed again and again. Nothing may be lost, every answer of 200 must be right, and memory and
/// file handles must stay level.
/// </summary>
internal static class MixedUse
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SwapEvery = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder of images, train/<class>");
        var time = TimeSpan.FromMinutes(arguments.Number("--minutes", 30));
        await using var bench = await Workbench.StartAsync("--Training:CheckpointEvery=00:00:05", "--Logging:LogLevel:Default=Error");
        await ArticleModel.PublishAsync(bench, data, versions: 2);
        await bench.ImportAsync(MixedUses.Dataset);
        var classify = await CheckedClassify.CreateAsync(bench, ArticleModel.Files(data)[..100]);
        await classify.PointAsync(1);
        using var archive = Archive.Of(data);
        var (tally, levels) = (new MixedTally(), new Levels(bench));
        using var ending = new CancellationTokenSource(time);
        Task[] users =
        [
            .. Enumerable.Range(0, arguments.Whole("--connections", 32)).Select(client => ClassifyAsync(
                classify, tally, client, TimeSpan.FromMilliseconds(arguments.Whole("--pause", 400)), ending.Token)),
            .. Others(bench, archive.Path, classify, tally, ending.Token),
        ];
        var started = Stopwatch.GetTimestamp();
        while (!ending.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(SampleEvery, ending.Token));
            await levels.SampleAsync();
            Figures.Print($"{Stopwatch.GetElapsedTime(started).TotalSeconds.Text("F0")} s: {levels.Last()}; {tally.Text()}");
        }

        await Task.WhenAll(users);
        Report(classify, tally, levels, bench);
    }

    private static Task[] Others(
        Workbench bench, string archive, CheckedClassify classify, MixedTally tally, CancellationToken ending)
    {
        var (uses, killer) = (new MixedUses(bench, archive, tally), new ChildKiller(bench, tally));
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

    private static void Report(CheckedClassify classify, MixedTally tally, Levels levels, Workbench bench)
    {
        var sorted = classify.Latencies.Order().ToArray();
        levels.Table().ToList().ForEach(Figures.Print);
        tally.Faults().ToList().ForEach(Figures.Print);
        Figures.Print(
            $"{tally.Text()}; /classify p50 {sorted[sorted.Length / 2].Text()} ms, p99 {sorted[sorted.Length * 99 / 100].Text()} ms; "
            + $"level: {levels.AreLevel()}; alive: {!bench.Service.HasExited}");
        Environment.ExitCode = tally.IsSound && levels.AreLevel() && !bench.Service.HasExited ? 0 : 1;
    }
}
