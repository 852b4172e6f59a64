namespace CnnService.Benchmarks.Scenarios;

/// <summary>kill -9 at a moment of the training that differs from round to round; the run must go on by itself and succeed.</summary>
internal static class KillAndResume
{
    public static async Task RunAsync(Arguments arguments)
    {
        var epochs = arguments.Whole("--epochs", 12);
        await using var bench = await Workbench.StartAsync("--Training:CheckpointEvery=00:00:01").ConfigureAwait(false);
        await bench.ImportAsync("shapes").ConfigureAwait(false);
        var request = new { dataset = "shapes", epochs, precision = "float32", architecture = "article-cnn", imageSize = 64 };
        var untouched = await WeightsAsync(bench, await bench.TrainAsync(request).ConfigureAwait(false)).ConfigureAwait(false);
        for (var round = 1; round <= arguments.Whole("--rounds", 5); round++)
        {
            var run = await bench.TrainAsync(request).ConfigureAwait(false);
            await Task.Delay(TimeSpan.FromSeconds(2 + (1.7 * round))).ConfigureAwait(false);
            var before = await bench.GetAsync($"runs/{run}").ConfigureAwait(false);
            await bench.Service.KillAsync().ConfigureAwait(false);
            await bench.RestartAsync().ConfigureAwait(false);
            var same = await WeightsAsync(bench, run).ConfigureAwait(false) == untouched;
            var told = (await bench.HistoryAsync(run).ConfigureAwait(false)).Select(e => e.GetProperty("epoch").GetInt32());
            var whole = told.SequenceEqual(Enumerable.Range(1, epochs));
            Figures.Print($"round {round}: killed while {before.GetProperty("state")} at {before.GetProperty("progress")}; succeeded; each epoch once: {whole}; weights equal an uninterrupted run: {same}");
        }
    }

    /// <summary>The hash of the weights a run ended with.</summary>
    private static async Task<string> WeightsAsync(Workbench bench, string run)
    {
        var finished = await bench.FinishedAsync(run).ConfigureAwait(false);
        var path = $"models/{finished.GetProperty("model").GetString()}/versions/{finished.GetProperty("version").GetInt32()}/weights";
        var bytes = await bench.Service.Client.GetByteArrayAsync(new Uri(path, UriKind.Relative)).ConfigureAwait(false);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes));
    }
}
