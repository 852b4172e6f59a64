using CnnService.Benchmarks.Gpu;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Images a second of a training through the public interface, a JSON line an epoch, the first apart: it waits for kernels to be chosen. A
/// run on another device than the one asked for is a failure, not a slow figure.
/// </summary>
internal static class TrainSpeed
{
    public static async Task RunAsync(Arguments arguments)
    {
        var device = arguments.Text("--device", "cuda");
        var (epochs, batchSize) = (arguments.Whole("--epochs", 6), arguments.Whole("--batch-size", 32));
        using var archive = Archive.Of(arguments.Required(0, "a folder with train/<class> and validation/<class>"));
        await using var bench = await Workbench.StartAsync();
        var lines = new CheckLines();
        await bench.ImportAsync("images", archive.Path);
        var run = await bench.FinishedAsync(await bench.TrainAsync(new { dataset = "images", epochs, batchSize, device }), epoch =>
            lines.Run("epoch", () => new(
                true, ("epoch", epoch.GetProperty("epoch").GetInt32()), ("batchSize", batchSize),
                ("imagesPerSecond", epoch.GetProperty("imagesPerSecond").GetDouble()),
                ("trainingSeconds", epoch.GetProperty("seconds").GetDouble()))));
        var found = run.GetProperty("device").GetString() ?? "none";
        lines.Run("run", () => new(
            found.StartsWith(device, StringComparison.Ordinal), ("batchSize", batchSize), ("device", found),
            ("precision", run.GetProperty("precision").ToString())));
        Environment.ExitCode = lines.AllWell ? 0 : 1;
    }
}
