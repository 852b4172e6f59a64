using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Turns the labels of some training images round and asks a service which labels a network speaks against: how many of them stand in the
/// first tenth of its ranking of the training images.
/// </summary>
internal static class WrongLabels
{
    private const string Preprocessing = """{"channelOrder":"bgr","scale":1,"mean":[104,117,123],"std":[1,1,1]}""";
    private const int Listed = 500;

    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder with train and validation, each of two class folders");
        var network = arguments.Required(1, "an ONNX file of a network trained on other images, or the name of a start");
        var (share, wanted) = (arguments.Number("--share", 0.05), arguments.Number("--wanted", 0.8));
        var classes = Directory.GetDirectories(Path.Combine(data, "train")).Select(folder => Path.GetFileName(folder)).Order().ToArray();
        await using var bench = await Workbench.StartAsync();
        var archive = Path.Combine(Path.GetTempPath(), $"cnnservice-{Guid.NewGuid():N}.zip");
        try
        {
            var (images, turned) = await PackAsync(data, classes, share, arguments.Whole("--seed", 1), archive);
            await bench.ImportAsync("turned", archive);
            var judge = File.Exists(network) ? await ImportAsync(bench, network) : network;
            var watch = Stopwatch.StartNew();
            var labels = await LabelsAsync(bench, judge);
            var tenth = labels.GetProperty("ranked").EnumerateArray().Select(one => one.GetProperty("image"))
                .Where(image => image.GetProperty("split").GetString() == "train").Take(images / 10)
                .Select(image => image.GetProperty("source").GetString()!).ToArray();
            var found = turned.Count(file => tenth.Any(source => source.EndsWith(file, StringComparison.Ordinal)));
            Figures.Print(
                $"{found} of {turned.Count} turned labels in the first {tenth.Length} of {images}, "
                + $"{labels.GetProperty("doubted").GetInt32()} of {labels.GetProperty("judged").GetInt32()} doubted, agreement "
                + $"{labels.GetProperty("agreement").GetDouble().Text("F3")}, {watch.Elapsed.TotalSeconds.Text()} s");
            Environment.ExitCode = tenth.Length == images / 10 && found >= wanted * turned.Count ? 0 : 1;
        }
        finally
        {
            File.Delete(archive);
        }
    }

    /// <summary>Writes the archive; answers the number of training images and the names of those in the wrong class.</summary>
    private static async Task<(int Images, IReadOnlySet<string> Turned)> PackAsync(
        string data, string[] classes, double share, int seed, string archive)
    {
        string[] files =
            [.. Directory.GetFiles(Path.Combine(data, "train"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var order = files.ToArray();
        new CounterRandom((ulong)seed).Shuffle<string>(order);
        var turned = order.Take((int)(share * files.Length)).ToHashSet(StringComparer.Ordinal);
        await using var zip = await ZipFile.OpenAsync(archive, ZipArchiveMode.Create);
        foreach (var file in Directory.GetFiles(data, "*.*", SearchOption.AllDirectories))
        {
            var folder = Path.GetDirectoryName(file)!;
            var (label, split) = (Path.GetFileName(folder), Path.GetFileName(Path.GetDirectoryName(folder)!));
            var shown = turned.Contains(file) ? classes[1 - Array.IndexOf(classes, label)] : label;
            await zip.CreateEntryFromFileAsync(file, $"{split}/{shown}/{Path.GetFileName(file)}", CompressionLevel.NoCompression);
        }

        return (files.Length, turned.Select(file => Path.GetFileName(file)).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Imports the file; answers the model's name.</summary>
    private static async Task<string> ImportAsync(Workbench bench, string network)
    {
        const string name = "judge";
        using var form = new MultipartFormDataContent
        {
            { new StringContent(name, Encoding.UTF8), "name" }, { new StringContent(Preprocessing, Encoding.UTF8), "preprocessing" },
        };
        form.Add(new StreamContent(File.OpenRead(network)), "file", Path.GetFileName(network));
        using var answer = await bench.Service.Client.PostAsync(new Uri("models", UriKind.Relative), form);
        return answer.IsSuccessStatusCode
            ? name
            : throw new InvalidOperationException($"POST /models: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Asks until the network has seen all images.</summary>
    private static async Task<JsonElement> LabelsAsync(Workbench bench, string judge)
    {
        for (; ; )
        {
            var health = await bench.GetAsync($"datasets/turned/health?model={judge}&evidence=features&count={Listed}&wait=200");
            if (health.TryGetProperty("labels", out var labels))
            {
                return labels;
            }
        }
    }
}
