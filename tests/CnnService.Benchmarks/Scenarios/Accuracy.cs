using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// How well and how fast a request trains, over several seeds, through the public interface alone: upload, train, read the history.
/// Told for each seed: the best validation accuracy of its epochs, the seconds of the whole run, and those until a wanted accuracy; with
/// <c>--held-out yes</c> the accuracy on the test split too, which is evaluated once, with the best weights, after training.
/// </summary>
internal static class Accuracy
{
    public static async Task RunAsync(Arguments arguments)
    {
        using var archive = Archive.Of(arguments.Required(0, "a folder of images"));
        var request = JsonNode.Parse(arguments.Text("--request", """{"epochs":15}"""))!.AsObject();
        var wanted = arguments.Number("--wanted", 1);
        await using var bench = await Workbench.StartAsync();
        Figures.Print(
            $"import: {(await bench.ImportAsync("images", archive.Path, arguments.Number("--validation-fraction", 0.2))).Text()} s");
        request["dataset"] = "images";
        List<double> best = [], test = [], seconds = [];
        foreach (var seed in arguments.Text("--seeds", "42").Split(','))
        {
            request["seed"] = int.Parse(seed, CultureInfo.InvariantCulture);
            var finished = await bench.FinishedAsync(
                await bench.TrainAsync(request),
                arguments.Text("--epochs", "hide") == "show" ? epoch => Console.WriteLine(epoch.GetRawText()) : null);
            var history = await bench.HistoryAsync(finished.GetProperty("id").GetString()!);
            var top = history.MaxBy(Validated);
            best.Add(Validated(top));
            seconds.Add(
                (finished.GetProperty("finishedAt").GetDateTimeOffset()
                    - finished.GetProperty("startedAt").GetDateTimeOffset()).TotalSeconds);
            Figures.Print(
                $"seed {seed}: best validation accuracy {best[^1].Text("F4")} in epoch "
                + $"{top.GetProperty("epoch").GetInt32()} of {history.Length}, {seconds[^1].Text()} s in all, "
                + $"{Figures.Median(history.Select(Rate)).Text()} images/s; {Reached(history, wanted)}");
            Console.WriteLine(finished.GetProperty("metrics").GetRawText());
            if (arguments.Text("--held-out", "no") == "yes")
            {
                test.Add(await bench.TestAccuracyAsync(finished.GetProperty("id").GetString()!));
                Figures.Print($"seed {seed}: accuracy {test[^1].Text("F4")} on the test images");
            }
        }

        Figures.Print(
            $"median of {best.Count}: best validation accuracy {Figures.Median(best).Text("F4")}, "
            + $"{Figures.Median(seconds).Text()} s{(test.Count == 0 ? "" : $", on the test images {Figures.Median(test).Text("F4")}")}");
    }

    private static double Validated(JsonElement epoch) =>
        epoch.GetProperty("validationAccuracy") is { ValueKind: JsonValueKind.Number } accuracy ? accuracy.GetDouble() : 0;

    private static double Rate(JsonElement epoch) => epoch.GetProperty("imagesPerSecond").GetDouble();

    /// <summary>The seconds of training, without validation, until the first epoch as good as wanted.</summary>
    private static string Reached(JsonElement[] history, double wanted)
    {
        var first = Array.FindIndex(history, epoch => Validated(epoch) >= wanted);
        return first < 0
            ? $"never {wanted.Text("F2")}"
            : $"{wanted.Text("F2")} after {first + 1} epochs, "
                + $"{history[..(first + 1)].Sum(epoch => epoch.GetProperty("seconds").GetDouble()).Text()} s";
    }
}
