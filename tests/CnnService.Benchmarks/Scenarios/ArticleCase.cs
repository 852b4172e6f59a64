namespace CnnService.Benchmarks.Scenarios;

/// <summary>The article's network on the article's data, through the public interface alone: upload, train, read the history.</summary>
internal static class ArticleCase
{
    public static async Task RunAsync(Arguments arguments)
    {
        using var archive = Archive.Of(arguments.Required(0, "a folder with train/<class> and validation/<class>"));
        await using var bench = await Workbench.StartAsync().ConfigureAwait(false);
        Figures.Print($"import: {(await bench.ImportAsync("pictures", archive.Path).ConfigureAwait(false)).Text()} s");
        var run = await bench.TrainAsync(new
        {
            dataset = "pictures",
            architecture = arguments.Text("--architecture", "article-cnn"),
            epochs = arguments.Whole("--epochs", 15),
            batchSize = arguments.Whole("--batch-size", 32),
            seed = arguments.Whole("--seed", 42),
            precision = arguments.Text("--precision", "auto"),
            optimizer = new { name = "adam", learningRate = arguments.Number("--learning-rate", 0.0001) },
        }).ConfigureAwait(false);
        var finished = await bench.FinishedAsync(run).ConfigureAwait(false);
        var history = await bench.HistoryAsync(run).ConfigureAwait(false);
        foreach (var epoch in history)
        {
            Console.WriteLine(epoch.GetRawText());
        }

        Figures.Print($"best validation accuracy: {history.Max(e => e.GetProperty("validationAccuracy").GetDouble()).Text("F4")}");
        Figures.Print($"median images/s: {Figures.Median(history.Select(e => e.GetProperty("imagesPerSecond").GetDouble())).Text()}");
        Console.WriteLine(finished.GetRawText());
    }
}
