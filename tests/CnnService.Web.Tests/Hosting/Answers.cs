using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Hosting;

/// <summary>All that a service answers about what it keeps: texts, and hashes of what is no text, by path.</summary>
internal static class Answers
{
    private static readonly string[] Lists =
    [
        "/datasets", "/runs", "/models", "/classify/jobs", "/comparisons", "/sweeps", "/audit?limit=100", "/models/m", "/models/m/serving",
        "/models/m/captured", "/models/m/aliases/history",
    ];

    private static readonly string[] OfRun =
        ["", "/history", "/events", "/evaluation", "/confusion.png", "/curves.png", "/tensorboard"];

    private static readonly string[] OfVersion = ["", "/onnx", "/weights", "/summary", "/calibration"];

    /// <summary>Asks for everything, and classifies an image by each version of the model <c>m</c>.</summary>
    public static async Task<SortedDictionary<string, string>> ReadAsync(ServiceProcess service)
    {
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Task<JsonElement> AskAsync(string path) => GetAsync(service, path, read);

        foreach (var path in Lists)
        {
            await AskAsync(path);
        }

        foreach (var name in Names(await AskAsync("/datasets"), "name"))
        {
            await AskAsync($"/datasets/{name}");
            await AskAsync($"/datasets/{name}/revisions");
            foreach (var id in Names(await AskAsync($"/datasets/{name}/images?limit=100"), "id"))
            {
                await AskAsync($"/datasets/{name}/images/{id}");
            }
        }

        foreach (var path in Names(await AskAsync("/runs"), "id").SelectMany(id => OfRun.Select(part => $"/runs/{id}{part}")))
        {
            await AskAsync(path);
        }

        foreach (var id in Names(await AskAsync("/classify/jobs"), "id"))
        {
            await AskAsync($"/classify/jobs/{id}");
            await AskAsync($"/classify/jobs/{id}/predictions.csv");
            await AskAsync($"/classify/jobs/{id}/predictions.parquet");
        }

        foreach (var id in Names(await AskAsync("/comparisons"), "id"))
        {
            await AskAsync($"/comparisons/{id}");
            await AskAsync($"/comparisons/{id}/disagreements");
        }

        foreach (var version in (await AskAsync("/models/m")).GetProperty("versions").EnumerateArray())
        {
            var number = version.GetProperty("version").GetInt32();
            foreach (var part in OfVersion)
            {
                await AskAsync($"/models/m/versions/{number.ToString(CultureInfo.InvariantCulture)}{part}");
            }

            read[$"classify m:{number}"] = await ClassifyAsync(service, number);
        }

        return read;
    }

    /// <summary>Asks, notes the answer, and gives it where it is JSON.</summary>
    private static async Task<JsonElement> GetAsync(ServiceProcess service, string path, SortedDictionary<string, string> read)
    {
        using var answer = await service.Client.GetAsync(ServiceClient.Relative(path));
        var body = await answer.Content.ReadAsByteArrayAsync();
        var told = answer.Content.Headers.ContentType?.MediaType switch
        {
            "application/problem+json" => JsonNode.Parse(body)!["code"]!.ToString(), // Besides, it has an id.
            "application/json" or "text/event-stream" => Encoding.UTF8.GetString(body),
            "application/zip" => Unpacked(body), // Besides, it has the times of files.
            _ => Convert.ToHexStringLower(SHA256.HashData(body)),
        };
        read[path] = $"{(int)answer.StatusCode} {told}";
        return answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == "application/json"
            ? JsonSerializer.Deserialize<JsonElement>(body)
            : default;
    }

    /// <summary>What is different, in words; empty where nothing is.</summary>
    public static IEnumerable<string> Differences(
        SortedDictionary<string, string> before, SortedDictionary<string, string> after) => before.Keys.Union(after.Keys)
        .Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path))
        .Select(path => $"{path}\n  was {Short(before.GetValueOrDefault(path))}\n  is  {Short(after.GetValueOrDefault(path))}");

    private static async Task<string> ClassifyAsync(ServiceProcess service, int version)
    {
        using var image = new ByteArrayContent(RedOrBlue.Image(201, 7, 99));
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var answer = await service.Client.PostAsync(ServiceClient.Relative($"/classify?model=m:{version}"), image);
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return $"{(int)answer.StatusCode} {json["results"]?.ToJsonString()}";
    }

    private static string Unpacked(byte[] body)
    {
        using var zip = new ZipArchive(new MemoryStream(body));
        return string.Join(' ', zip.Entries.Select(entry =>
        {
            using var content = entry.Open();
            return $"{entry.FullName} {Convert.ToHexStringLower(SHA256.HashData(content))}";
        }));
    }

    private static string[] Names(JsonElement page, string field) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty(field).GetString()!)];

    private static string Short(string? text) => text is null ? "not asked" : text[..Math.Min(text.Length, 2000)];
}
