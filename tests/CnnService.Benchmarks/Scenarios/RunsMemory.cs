namespace CnnService.Benchmarks.Scenarios;

/// <summary>Resident memory of the service after the 5th and the last of many training runs of the sample.</summary>
internal static class RunsMemory
{
    public static async Task RunAsync(Arguments arguments)
    {
        var runs = arguments.Whole("--runs", 20);
        await using var bench = await Workbench.StartAsync();
        await bench.ImportAsync("shapes");
        long early = 0;
        for (var run = 1; run <= runs; run++)
        {
            var id = await bench.TrainAsync(new { dataset = "shapes", epochs = arguments.Whole("--epochs", 2) });
            await bench.FinishedAsync(id);
            if (run == 5)
            {
                early = bench.Service.ResidentBytes;
            }

            Figures.Print($"run {run}: {Figures.Megabytes(bench.Service.ResidentBytes).Text()} MB");
        }

        Figures.Print($"after run {runs} over after run 5: {(bench.Service.ResidentBytes / (double)early).Text("F3")}");
    }
}
