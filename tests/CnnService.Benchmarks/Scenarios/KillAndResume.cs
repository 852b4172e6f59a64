namespace CnnService.Benchmarks.Scenarios;

/// <summary>kill -9 at a moment of the training that differs from round to round; the run must go on by itself and succeed.</summary>
internal static class KillAndResume
{
    public static async Task RunAsync(Arguments arguments)
    {
        var epochs = arguments.Whole("--epochs", 12);
        await using var bench = await Workbench.StartAsync("--Training:CheckpointEvery=00:00:01");
        await bench.ImportAsync("shapes");
        var request = new { dataset = "shapes", epochs, precision = "float32", architecture = "article-cnn", imageSize = 64 };
        var untouched = await WeightsAsync(bench, await bench.TrainAsync(request));
        for (var round = 1; round <= arguments.Whole("--rounds", 5); round++)
        {
            var run = await bench.TrainAsync(request);
            await Task.Delay(TimeSpan.FromSeconds(2 + (1.7 * round)));
            var before = await bench.GetAsync($"runs/{run}");
            await bench.Service.KillAsync();
            await bench.RestartAsync();
            var same = await WeightsAsync(bench, run) == untouched;
            var told = (await bench.HistoryAsync(run)).Select(e => e.GetProperty("epoch").GetInt32());
            var whole = told.SequenceEqual(Enumerable.Range(1, epochs));
            Figures.Print(
                $"round {round}: killed while {before.GetProperty("state")} at {before.GetProperty("progress")}; succeeded; each epoch "
                + $"once: {whole}; weights equal an uninterrupted run: {same}");
        }
    }

    /// <summary>The hash of the weights a run ended with.</summary>
    private static async Task<string> WeightsAsync(Workbench bench, string run)
    {
        var finished = await bench.FinishedAsync(run);
        var path = $"models/{finished.GetProperty("model").GetString()}/versions/{finished.GetProperty("version").GetInt32()}/weights";
        var bytes = await bench.Service.Client.GetByteArrayAsync(new Uri(path, UriKind.Relative));
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes));
    }
}
