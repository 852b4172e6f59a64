using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Trains runs with a known disease, and healthy ones, and judges the advice that each is given: it names the disease, and nothing else.
/// </summary>
internal static class AdviceTable
{
    private const string PretrainedWouldHelp = "start.pretrained-would-help";
    private const double GoodAccuracy = 0.9;
    private const string TooHigh = "learning-rate.too-high|training.not-learning";
    private const string TooLow = "learning-rate.too-low|training.not-learning";
    private const string ByHeart = "training.overfitting|images.too-few";
    private const string Unbalanced = "classes.unbalanced|class.never-predicted";

    /// <summary>
    /// Data set, request and what it suffers from. A bar between two: either, or both. A network whose rate was so high that its units died
    /// at once does not learn, and so does one whose rate is as good as 0: the advice of both names the rate.
    /// </summary>
    private static readonly (string Dataset, string Request, string Disease)[] Cases =
    [
        ("pets", """{"epochs":6,"optimizer":{"name":"adam","learningRate":0.1}}""", TooHigh),
        ("pets", """{"epochs":6,"optimizer":{"name":"sgd","learningRate":3}}""", TooHigh),
        ("pets", """{"epochs":6,"optimizer":{"name":"rmsprop","learningRate":0.05}}""", TooHigh),
        ("shapes", """{"epochs":6,"optimizer":{"name":"adam","learningRate":0.3}}""", TooHigh),
        ("pets", """{"epochs":6,"architecture":"article-cnn-bn","optimizer":{"name":"sgd","learningRate":10}}""", TooHigh),
        ("pets", """{"epochs":6,"optimizer":{"name":"adam","learningRate":0.000001}}""", TooLow),
        ("pets", """{"epochs":6,"optimizer":{"name":"sgd","learningRate":0.00005}}""", TooLow),
        ("shapes", """{"epochs":6,"optimizer":{"name":"adam","learningRate":0.000002}}""", TooLow),
        ("shapes", """{"epochs":6,"optimizer":{"name":"sgd","learningRate":0.00001}}""", TooLow),
        ("pets", """{"epochs":6,"architecture":"article-cnn-bn","optimizer":{"name":"adam","learningRate":0.0000005}}""", TooLow),
        ("pets", """{"epochs":25,"augmentation":"none"}""", ByHeart),
        ("pets", """{"epochs":20,"augmentation":"none","architecture":"article-cnn-bn"}""", ByHeart),
        ("pets", """{"epochs":20,"augmentation":"none","optimizer":{"name":"adamw","learningRate":0.001}}""", ByHeart),
        ("few", """{"epochs":60,"augmentation":"none"}""", ByHeart),
        ("few", """{"epochs":40,"augmentation":"none","architecture":"article-cnn-bn"}""", ByHeart),
        ("few", """{"epochs":60,"augmentation":"article","architecture":"article-cnn-bn"}""", ByHeart),
        ("unbalanced", """{"epochs":12}""", Unbalanced),
        ("unbalanced", """{"epochs":12,"architecture":"article-cnn-bn"}""", Unbalanced),
        ("unbalanced", """{"epochs":12,"augmentation":"article"}""", Unbalanced),
        ("unbalanced", """{"epochs":6,"optimizer":{"name":"sgd","learningRate":0.01}}""", Unbalanced),
        ("mixed", """{"epochs":5,"augmentation":"article"}""", "training.not-learning"),
        ("mixed", """{"epochs":5,"augmentation":"strong"}""", "training.not-learning"),
        ("leaked", """{"epochs":8,"augmentation":"article","architecture":"article-cnn-bn"}""", "images.leaked"),
        ("pets", """{"epochs":5,"augmentation":"article"}""", "training.still-improving"),
        ("pets", """{"epochs":8,"augmentation":"article","optimizer":{"name":"sgd","learningRate":0.01}}""", "training.still-improving"),
        ("pets", """{"recipe":"quick"}""", ""),
        ("shapes", """{"recipe":"quick"}""", ""),
        ("shapes", """{"epochs":15}""", ""),
        ("shapes", """{"epochs":12,"architecture":"article-cnn-bn","augmentation":"article"}""", ""),
        ("pets", """{"epochs":30,"architecture":"article-cnn-bn","augmentation":"article","earlyStopping":{}}""", ""),
    ];

    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder with train and validation, each of two class folders");
        var (size, only) = (arguments.Whole("--image-size", 64), arguments.Whole("--only", 0));
        await using var bench = await Workbench.StartAsync();
        await ImportAsync(bench, data);
        var right = 0;
        foreach (var (number, (dataset, request, disease)) in Cases.Index().Where(one => only is 0 || one.Index + 1 == only))
        {
            var (codes, accuracy) = await TrainAsync(bench, number + 1, dataset, request, size);
            var isRight = IsRight(disease, codes, accuracy, request);
            right += isRight ? 1 : 0;
            Figures.Print(
                $"{number + 1,2} {(isRight ? "right" : "WRONG")} {dataset} {request}: {(disease.Length == 0 ? "healthy" : disease)}; told "
                + $"{string.Join(", ", codes)}; accuracy {accuracy.Text("F3")}");
        }

        Figures.Print($"{right} of {(only == 0 ? Cases.Length : 1)} right");
        Environment.ExitCode = right >= (only == 0 ? arguments.Whole("--wanted", 27) : 1) ? 0 : 1;
    }

    /// <summary>
    /// All that is told is of the disease, and something is, or nothing is wrong. That a pretrained start would help is true of each run
    /// from scratch that stays below an accuracy of 0.9.
    /// </summary>
    private static bool IsRight(string disease, string[] codes, double accuracy, string request)
    {
        var others = accuracy < GoodAccuracy && !request.Contains("recipe", StringComparison.Ordinal)
            ? codes.Where(code => code != PretrainedWouldHelp).ToArray() : codes;
        return disease.Length == 0
            ? others is [] or ["training.nothing-wrong"]
            : others.Length > 0 && others.All(disease.Split('|').Contains);
    }

    private static async Task<(string[] Codes, double Accuracy)> TrainAsync(
        Workbench bench, int number, string dataset, string request, int size)
    {
        var body = JsonNode.Parse(request)!.AsObject();
        body["dataset"] = dataset;
        body["model"] = $"run-{number}";
        if (!body.ContainsKey("recipe"))
        {
            body["imageSize"] = size;
            body["architecture"] ??= "article-cnn";
            body["augmentation"] ??= "none";
        }

        var id = await bench.TrainAsync(body);
        var state = string.Empty;
        for (; state is not ("succeeded" or "failed"); await Task.Delay(200))
        {
            state = (await bench.GetAsync($"runs/{id}")).GetProperty("state").GetString()!; // One that diverges fails.
        }

        var accuracy = (await bench.HistoryAsync(id)).Select(epoch => epoch.GetProperty("validationAccuracy"))
            .Where(value => value.ValueKind == JsonValueKind.Number).Select(value => value.GetDouble()).DefaultIfEmpty(0).Max();
        var advice = await bench.GetAsync($"runs/{id}/advice");
        return ([.. advice.EnumerateArray().Select(finding => finding.GetProperty("code").GetString()!)], accuracy);
    }

    /// <summary>
    /// The images as they are; 30 a class; one class of 60; labels by a coin; and half of the validation images among those of training,
    /// of which the health of the data set, which is asked for first, knows.
    /// </summary>
    private static async Task ImportAsync(Workbench bench, string data)
    {
        await bench.ImportAsync("shapes");
        string[] train = [.. Files(data, "train")], validation = [.. Files(data, "validation")];
        var classes = train.Select(LabelOf).Distinct().ToArray();
        (string, string)[] judged = [.. validation.Select(file => ("validation/" + LabelOf(file), file))];
        (string, string)[] learned = [.. train.Select(file => ("train/" + LabelOf(file), file))];
        await ImportAsync(bench, "pets", [.. learned, .. judged]);
        await ImportAsync(bench, "few",
            [.. classes.SelectMany(name => learned.Where(one => one.Item1 == "train/" + name).Take(30)), .. judged]);
        await ImportAsync(bench, "unbalanced",
            [.. classes.SelectMany((name, place) =>
                learned.Where(one => one.Item1 == "train/" + name).Take(place == 0 ? int.MaxValue : 60)), .. judged]);
        await ImportAsync(bench, "mixed", [.. train.Concat(validation).Select((file, place) =>
            ((place < train.Length ? "train/" : "validation/") + classes[(uint)place * 2654435761u >> 31], file))]);
        await ImportAsync(bench, "leaked",
            [.. learned, .. judged, .. validation.Where((_, place) => place % 2 == 0).Select(file => ("train/" + LabelOf(file), file))]);
        await bench.GetAsync("datasets/leaked/health?wait=300");
    }

    private static async Task ImportAsync(Workbench bench, string name, IReadOnlyList<(string Folder, string File)> files)
    {
        var archive = Path.Combine(Path.GetTempPath(), $"cnnservice-{Guid.NewGuid():N}.zip");
        try
        {
            await using (var zip = await ZipFile.OpenAsync(archive, ZipArchiveMode.Create))
            {
                foreach (var (folder, file) in files)
                {
                    await zip.CreateEntryFromFileAsync(file, $"{folder}/{Path.GetFileName(file)}", CompressionLevel.NoCompression);
                }
            }

            await bench.ImportAsync(name, archive);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    private static IOrderedEnumerable<string> Files(string data, string split) =>
        Directory.GetFiles(Path.Combine(data, split), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string LabelOf(string file) => Path.GetFileName(Path.GetDirectoryName(file)!);
}
