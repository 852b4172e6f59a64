using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CnnService.Benchmarks;

/// <summary>
/// Requests to /classify by the alias <c>load</c> of two versions, each answer compared with what a single request of its version got.
/// Thread safe.
/// </summary>
internal sealed class CheckedClassify
{
    /// <summary>Single requests and batches may differ in the last bits.</summary>
    private const double Tolerance = 1e-5;

    private static readonly HashSet<int> Declared = [400, 413, 415, 422, 429, 503];

    private readonly Workbench _bench;
    private readonly byte[][] _files;
    private readonly double[,] _expected;

    private CheckedClassify(Workbench bench, byte[][] files, double[,] expected) => (_bench, _files, _expected) = (bench, files, expected);

    /// <summary>How many there are.</summary>
    public int Images => _files.Length;

    /// <summary>Of each whole answer, in milliseconds.</summary>
    public ConcurrentBag<double> Latencies { get; } = [];

    /// <summary>Asks for each image once of each version of <see cref="ArticleModel"/>.</summary>
    public static async Task<CheckedClassify> CreateAsync(Workbench bench, byte[][] files)
    {
        var expected = new double[2, files.Length];
        for (var version = 1; version <= 2; version++)
        {
            for (var image = 0; image < files.Length; image++)
            {
                using var content = Jpeg(files[image]);
                using var answer = await bench.Service.Client.PostAsync(
                    new Uri($"classify?model={ArticleModel.Name}:{version}", UriKind.Relative), content);
                expected[version - 1, image] = First(await answer.Content.ReadFromJsonAsync<JsonElement>());
            }
        }

        return new(bench, files, expected);
    }

    /// <summary>Moves the alias.</summary>
    public async Task PointAsync(int version)
    {
        using var answer = await _bench.SendAsync(
            HttpMethod.Put, $"models/{ArticleModel.Name}/aliases/load", () => JsonContent.Create(new { version }));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What came of a request: <c>200 right</c>, <c>200 WRONG</c>, another status and whether it is declared, or
    /// <c>hung up</c>.</summary>
    public async Task<string> AskAsync(int image, CancellationToken patience)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            using var content = Jpeg(_files[image]);
            using var answer = await _bench.Service.Client.PostAsync(
                new Uri($"classify?model={ArticleModel.Name}@load", UriKind.Relative), content, patience);
            var status = (int)answer.StatusCode;
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>(patience);
            Latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return status != 200 ? $"{status} {(Declared.Contains(status) ? "declared" : "UNDECLARED")}"
                : Math.Abs(First(json) - _expected[json.GetProperty("version").GetInt32() - 1, image]) <= Tolerance ? "200 right"
                : "200 WRONG";
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return "hung up";
        }
    }

    /// <summary>The probability of the class that comes first by name.</summary>
    private static double First(JsonElement answer) => answer.GetProperty("results")[0].GetProperty("top").EnumerateArray()
        .OrderBy(one => one.GetProperty("label").GetString(), StringComparer.Ordinal).First().GetProperty("probability").GetDouble();

    private static ByteArrayContent Jpeg(byte[] file) => new(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
}
