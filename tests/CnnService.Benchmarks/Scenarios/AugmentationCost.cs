namespace CnnService.Benchmarks.Scenarios;

/// <summary>What changing the images costs: training speed with and without it, in turn, on the generated sample.</summary>
internal static class AugmentationCost
{
    private static readonly string[] Presets = ["none", "article", "strong"];

    public static async Task RunAsync(Arguments arguments)
    {
        var batchSize = arguments.Whole("--batch-size", 32);
        await using var bench = await Workbench.StartAsync();
        await bench.ImportAsync("shapes");
        var milliseconds = Presets.ToDictionary(name => name, _ => new List<double>());
        for (var round = 0; round < arguments.Whole("--rounds", 3); round++)
        {
            foreach (var augmentation in Presets)
            {
                var run = await bench.TrainAsync(
                    new { dataset = "shapes", epochs = 3, batchSize, augmentation, precision = arguments.Text("--precision", "auto") });
                await bench.FinishedAsync(run);
                var epochs = await bench.HistoryAsync(run);
                milliseconds[augmentation].AddRange(
                    epochs.Select(epoch => 1000 * batchSize / epoch.GetProperty("imagesPerSecond").GetDouble()));
            }
        }

        // The quickest epoch: what others do on the machine only ever adds.
        var plain = milliseconds[Presets[0]].Min();
        foreach (var (name, steps) in milliseconds)
        {
            Figures.Print(
                $"{name}: {steps.Min().Text()} ms a step of {batchSize} images, {(100 * ((steps.Min() / plain) - 1)).Text()} % more than "
                + $"none");
        }
    }
}
