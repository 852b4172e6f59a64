using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace CnnService.Benchmarks.Mixed;

/// <summary>What users do at once, each brought to its end and looked at; what is not as it should be throws.</summary>
internal sealed class MixedUses(Workbench bench, string archive, MixedTally tally, Acknowledged acknowledged)
{
    public const string Dataset = "shapes";
    public const string Model = "mixed";

    private static readonly string[] Splits = ["train", "validation", "test"];

    private static readonly object Network = JsonSerializer.Deserialize<JsonElement>("""
        {"input":{"height":16,"width":16,"channels":3},"layers":[
        {"type":"conv2d","name":"conv","filters":16,"kernelSize":3,"activation":"relu"},{"type":"maxPooling2d","poolSize":2},
        {"type":"flatten"},{"type":"dense","name":"output","units":"classes"}]}
        """);

    private readonly ConcurrentDictionary<string, string> _pictures = new(StringComparer.Ordinal);

    /// <summary>A run: it succeeds, and no epoch is missing or twice.</summary>
    public async Task TrainAsync(int number)
    {
        const int Epochs = 60;
        var id = await bench.TrainAsync(
            new { dataset = Dataset, model = Model, epochs = Epochs, batchSize = 16, seed = number, architecture = Network });
        acknowledged.AddRun(id);
        await bench.FinishedAsync(id);
        var epochs = (await bench.HistoryAsync(id)).Select(epoch => epoch.GetProperty("epoch").GetInt32());
        Require(epochs.SequenceEqual(Enumerable.Range(1, Epochs)), $"epochs of {id}: {string.Join(',', epochs)}");
    }

    /// <summary>A sweep: each of its trials is trained once.</summary>
    public async Task SweepAsync(int number)
    {
        var request = new Dictionary<string, object>
        {
            ["base"] = new { dataset = Dataset, epochs = 3, batchSize = 16, seed = number, architecture = Network },
            ["grid"] = new Dictionary<string, double[]> { ["optimizer.learningRate"] = [1e-4, 1e-3, 5e-3] },
        };
        var id = (await bench.PostAsync("sweeps", request)).GetProperty("id").GetString()!;
        acknowledged.Add($"sweeps/{id}");
        var sweep = await EndedAsync($"sweeps/{id}");
        var states = sweep.GetProperty("trials").EnumerateArray().Select(trial => trial.GetProperty("state").GetString()).ToArray();
        Require(states is ["succeeded", "succeeded", "succeeded"], $"sweep {id}: {string.Join(',', states)}");
    }

    /// <summary>An import of the sample, or of an archive each third time; all its images are there. It is deleted again.</summary>
    public async Task ImportAsync(int number)
    {
        var name = $"set-{number}";
        await bench.ImportAsync(name, number % 3 == 0 ? archive : null);
        var (mine, other) = (await ImagesAsync(name), await ImagesAsync(number % 3 == 0 ? "data" : Dataset));
        Require(mine == other, $"{name} has {mine} images instead of {other}");
        using var deleted = await bench.SendAsync(HttpMethod.Delete, $"datasets/{name}");
        using var gone = await bench.SendAsync(HttpMethod.Get, $"datasets/{name}"); // The answer of the first DELETE may have been lost.
        Require(
            gone.StatusCode == HttpStatusCode.NotFound, $"{name}: {(int)deleted.StatusCode} at DELETE, {(int)gone.StatusCode} afterwards");
    }

    /// <summary>A pattern: the same address gives the same bytes, drawn now or long ago.</summary>
    public async Task DrawAsync(int number)
    {
        var chance = new Random(number);
        var path = $"visualize/conv_{1 + chance.Next(3)}/{chance.Next(32)}?model={ArticleModel.Name}:{1 + chance.Next(2)}"
            + $"&iterations={16 * (1 + chance.Next(2))}&size={32 * (1 + chance.Next(2))}&wait=120";
        using var answer = await bench.Service.Client.GetAsync(new Uri(path, UriKind.Relative));
        if ((int)answer.StatusCode is 202 or 429 or 503)
        {
            tally.Count($"patterns told to come again ({(int)answer.StatusCode})");
            return;
        }

        Require(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        var hash = Convert.ToHexString(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync()));
        Require(_pictures.GetOrAdd(path, hash) == hash, $"{path}: other bytes than before");
    }

    /// <summary>A classification of a whole data set: it succeeds, with all images.</summary>
    public async Task ClassifyAllAsync(int number)
    {
        var model = $"{ArticleModel.Name}:{1 + (number % 2)}";
        var begun = await bench.PostAsync("classify/jobs", new { model, dataset = "data", split = "validation" });
        var path = $"classify/jobs/{begun.GetProperty("id").GetString()}";
        acknowledged.Add(path);
        var job = await EndedAsync(path);
        var progress = job.GetProperty("progress");
        Require(job.GetProperty("state").GetString() == "succeeded"
            && progress.GetProperty("done").GetInt32() == progress.GetProperty("total").GetInt32(), job.ToString());
    }

    private async Task<JsonElement> EndedAsync(string path)
    {
        for (; ; await Task.Delay(300))
        {
            var now = await bench.GetAsync(path);
            if (now.GetProperty("finishedAt").ValueKind == JsonValueKind.String)
            {
                return now;
            }
        }
    }

    private async Task<int> ImagesAsync(string dataset) =>
        (await bench.GetAsync($"datasets/{dataset}")).GetProperty("classes").EnumerateArray()
            .Sum(one => Splits.Sum(split => one.GetProperty(split).GetInt32()));

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
