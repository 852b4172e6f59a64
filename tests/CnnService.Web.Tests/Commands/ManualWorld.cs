using System.IO.Compression;
using System.Net;
using System.Text.Json;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Commands;

/// <summary>
/// What the pages speak of: a service with the data set <c>pets</c>, three versions of the model <c>pets</c>, a run
/// that has ended, and the files that are sent.
/// </summary>
public sealed class ManualWorld : IAsyncLifetime
{
    private const string Training = """{"dataset":"pets","imageSize":64,"epochs":2,"batchSize":16,"precision":"float32"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);
    private ServiceProcess? _service;

    internal ServiceProcess Service => _service!;

    /// <summary>The files that a page's commands are run beside.</summary>
    public string Files => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        var roots = Directory.CreateDirectory(Path.Combine(Files, "images")).FullName;
        Directory.CreateDirectory(Path.Combine(Files, "cnnservice-data"));
        _service = await ServiceProcess.StartAsync(
            Path.Combine(Files, "service"), $"--Datasets:ImportRoots:0={roots}", "--Limits:TrainingsPerMinute=1000");
        _words["localhost:5000"] = Service.Url.Authority;
        _words["/srv/images"] = roots;
        _words["pets-sweep-1a2b3c4d@best"] = "pets";
        _words["Sha256=…"] = $"Sha256={new string('a', 64)}";
        await WriteImagesAsync(roots);
        await ImportAsync();
        for (var version = 1; version <= 3; version++)
        {
            var run = await Service.StartAsync("/train", Training);
            await Service.UntilAsync($"/runs/{run}", seen => seen.GetProperty("state").GetString() == "succeeded");
            _words["RUN"] = run;
        }

        var image = await FindImageAsync();
        await SaveAsync($"{image.GetProperty("url").GetString()!.TrimStart('/')}?size=64", "rex.jpg", "tom.jpg");
        await SaveAsync("models/pets/versions/1/onnx", "squeezenet1.0.onnx", "model.onnx");
        await SaveAsync("models/pets/versions/1/weights", "own.safetensors");
        await File.WriteAllLinesAsync(Path.Combine(Files, "labels.txt"), ["cats", "dogs"]);
        File.Copy(Path.Combine(Files, "labels.txt"), Path.Combine(Files, "imagenet-labels.txt"));
        await PutAsync("models/pets/aliases/production", """{"version":1}""");
        await UploadAsync("models", "squeezenet", "squeezenet1.0.onnx", HttpStatusCode.Created);
    }

    /// <summary>Gives each page the data set as it was: another may have mended it.</summary>
    internal async Task BeginPageAsync()
    {
        await DeleteDatasetAsync();
        await ImportAsync();
        await FindImageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Does what a command rests on, and puts this service's names and addresses in the place of the page's.</summary>
    internal async Task<string> PrepareAsync(string command)
    {
        if (command.Contains("dryRun", StringComparison.Ordinal))
        {
            return Told(command);
        }

        if (command.Contains("file=@pets.zip localhost:5000/datasets", StringComparison.Ordinal)
            || command.Contains("\"name\":\"pets\",\"path\"", StringComparison.Ordinal)
            || command.Contains("\\\"upload\\\"", StringComparison.Ordinal)
            || command.StartsWith("cnn train pets.zip --url", StringComparison.Ordinal))
        {
            await DeleteDatasetAsync();
        }
        else if (command.Contains("/runs/RUN/cancel", StringComparison.Ordinal))
        {
            var request = Training.Replace("\"epochs\":2", "\"epochs\":9000", StringComparison.Ordinal);
            _words["LONG"] = await Service.StartAsync("/train", request);
            await Service.UntilAsync($"/runs/{_words["LONG"]}", seen => seen.GetProperty("progress").GetProperty("epoch").GetInt32() > 1);
        }
        else if (command.Contains("captured/IMAGE", StringComparison.Ordinal))
        {
            return Told(command.Replace("IMAGE", await CapturedAsync(), StringComparison.Ordinal));
        }

        return Told(command);
    }

    /// <summary>Waits for what a command has begun, or ends it where it takes long and nothing rests on it.</summary>
    internal async Task SettleAsync(string command, string output)
    {
        foreach (var (address, word) in new[]
        {
            ("localhost:5000/classify/jobs -H", "JOB"), ("localhost:5000/sweeps -H", "SWEEP"), ("models/compare", "COMPARISON"),
        })
        {
            if (command.Contains(address, StringComparison.Ordinal))
            {
                _words[word] = JsonSerializer.Deserialize<JsonElement>(output).GetProperty("id").GetString()!;
            }
        }

        if (command.Contains("/datasets", StringComparison.Ordinal))
        {
            await Service.UntilAsync("/datasets", page => !page.GetRawText().Contains("\"importing\"", StringComparison.Ordinal));
        }

        if (command.Contains("classify/jobs -H", StringComparison.Ordinal))
        {
            await Service.UntilAsync($"/classify/jobs/{_words["JOB"]}", job => job.GetProperty("state").GetString() == "succeeded");
        }
        else if (command.Contains("localhost:5000/sweeps -H", StringComparison.Ordinal))
        {
            await Service.UntilAsync("/runs", page => page.GetRawText().Contains("\"running\"", StringComparison.Ordinal));
        }
        else if (!command.Contains("/sweeps", StringComparison.Ordinal))
        {
            await CancelAsync();
        }
    }

    private string Told(string command)
    {
        var isLong = command.Contains("/runs/RUN/cancel", StringComparison.Ordinal)
            || command.Contains("/runs/RUN/resume", StringComparison.Ordinal);
        var told = isLong ? command.Replace("RUN", _words["LONG"], StringComparison.Ordinal) : command;
        return _words.OrderByDescending(word => word.Key.Length)
            .Aggregate(told, (text, word) => text.Replace(word.Key, word.Value, StringComparison.Ordinal));
    }

    /// <summary>Sixty images of two colours that differ, as no two photographs are the same.</summary>
    private async Task WriteImagesAsync(string root)
    {
        for (var number = 0; number < 60; number++)
        {
            var isDog = number % 2 == 0;
            var path = $"{(isDog ? "dogs" : "cats")}/{number}.png";
            var image = RedOrBlue.Image((byte)(isDog ? 250 - number : number), (byte)(3 * number), (byte)(isDog ? 40 : 240));
            var file = Path.Combine(root, "pets", path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, image);
        }

        await ZipFile.CreateFromDirectoryAsync(Path.Combine(root, "pets"), Path.Combine(Files, "pets.zip"));
    }

    private async Task ImportAsync()
    {
        await UploadAsync("datasets", "pets", "pets.zip", HttpStatusCode.Accepted);
        await Service.UntilAsync("/datasets/pets", set => set.GetProperty("status").GetString() == "ready");
    }

    private async Task UploadAsync(string path, string name, string file, HttpStatusCode expected)
    {
        using var form = new MultipartFormDataContent { { new StringContent(name), "name" } };
        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(Files, file))), "file", file);
        using var answer = await Service.Client.PostAsync(ServiceClient.Relative(path), form);
        Assert.True(expected == answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> FindImageAsync()
    {
        var page = await Service.GetAsync("/datasets/pets/images?split=validation&class=dogs&limit=1");
        _words["IMAGE"] = page.GetProperty("items")[0].GetProperty("id").GetString()!;
        return page.GetProperty("items")[0];
    }

    private async Task DeleteDatasetAsync()
    {
        await CancelAsync();
        using var answer = await Service.Client.DeleteAsync(ServiceClient.Relative("datasets/pets"));
        Assert.True(answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotFound, await answer.Content.ReadAsStringAsync());
    }

    private async Task CancelAsync()
    {
        foreach (var sweep in await ActiveAsync("sweeps"))
        {
            using var answer = await Service.Client.PostAsync(ServiceClient.Relative($"sweeps/{sweep}/cancel"), null);
        }

        foreach (var run in await ActiveAsync("runs"))
        {
            using var answer = await Service.Client.PostAsync(ServiceClient.Relative($"runs/{run}/cancel"), null);
        }

        await Service.UntilAsync("/runs", page => !IsActive(page.GetRawText()));
    }

    private async Task<string[]> ActiveAsync(string path) =>
        [.. (await Service.GetAsync($"/{path}")).GetProperty("items").EnumerateArray()
            .Where(one => IsActive($"\"{one.GetProperty("state").GetString()}\"")).Select(one => one.GetProperty("id").GetString()!)];

    private static bool IsActive(string text) =>
        text.Contains("\"running\"", StringComparison.Ordinal) || text.Contains("\"queued\"", StringComparison.Ordinal);

    /// <summary>An image that was kept because somebody asked about it.</summary>
    private async Task<string> CapturedAsync()
    {
        await PutAsync("models/pets/capture", """{"share":1,"maxImages":1000}""");
        using var image = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(Files, "rex.jpg")));
        image.Headers.ContentType = new("image/jpeg");
        using var answer = await Service.Client.PostAsync(ServiceClient.Relative("classify?model=pets"), image);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var page = await Eventually.IsAsync(
            () => Service.GetAsync("/models/pets/captured"), seen => seen.GetProperty("items").GetArrayLength() > 0);
        return page.GetProperty("items")[0].GetProperty("id").GetString()!;
    }

    private async Task PutAsync(string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Service.Client.PutAsync(ServiceClient.Relative(path), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task SaveAsync(string path, params string[] files)
    {
        var content = await Service.Client.GetByteArrayAsync(ServiceClient.Relative(path));
        foreach (var file in files)
        {
            await File.WriteAllBytesAsync(Path.Combine(Files, file), content);
        }
    }
}
