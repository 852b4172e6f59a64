using System.Net;
using System.Text;
using System.Text.Json;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Features.Starts;

namespace CnnService.Web.Tests.Work;

/// <summary>Networks trained on images in which shapes occur together, by the service as users run it.</summary>
public sealed class MultiLabelRunTests : IAsyncLifetime
{
    /// <summary>Fields of a request for a network of milliseconds a step.</summary>
    private const string Network = """
        "dataset":"shapes","epochs":12,"batchSize":16,"optimizer":{"learningRate":0.005},"architecture":{
        "input":{"height":32,"width":32,"channels":3},"layers":[
        {"type":"conv2d","name":"conv_1","filters":12,"kernelSize":3,"activation":"relu"},{"type":"maxPooling2d","poolSize":2},
        {"type":"conv2d","name":"conv_2","filters":16,"kernelSize":3,"activation":"relu"},{"type":"maxPooling2d","poolSize":2},
        {"type":"flatten"},{"type":"dense","name":"output","units":"classes"}]}
        """;

    private readonly TemporaryFolder _folder = new();
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        TinyStart.Write(Path.Combine(_folder.Path, "starts"));
        _service = await ServiceProcess.StartAsync(
            Path.Combine(_folder.Path, "data"), $"--Starts:Folders={Path.Combine(_folder.Path, "starts")}",
            "--Models:ImportTimeout=00:05:00");
        using var form = new MultipartFormDataContent
        {
            { new StringContent("shapes", Encoding.UTF8), "name" },
            { new ByteArrayContent(ShapesTogether.Archive(400)), "file", "images.zip" },
        };
        using var answer = await _service.Client.PostAsync(ServiceClient.Relative("/datasets"), form);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await _service.UntilAsync("/datasets/shapes", set => set.GetProperty("status").GetString() == "ready");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Train_FromScratch_LearnsEachShapeForItself()
    {
        var id = await _service.StartAsync("/train", $$"""{"model":"scratch","task":"multiLabel",{{Network}}}""");
        await _service.EndsAsync(id, "succeeded");

        var evaluation = await _service.GetAsync($"/runs/{id}/evaluation");
        AreSound(evaluation, least: 0.9);
        var version = await _service.GetAsync("/models/scratch/versions/1");
        Assert.InRange(version.GetProperty("parity").GetProperty("largestDifference").GetDouble(), 0, 1e-4);
        Assert.Equal(JsonValueKind.Null, version.GetProperty("calibration").ValueKind);
        Assert.Equal("multiLabel", version.GetProperty("task").GetString());
        await IsServedAsync(version);
        await ClassifiesADataSetAsync();
        foreach (var picture in new[] { "confusion.png", "mistakes.png", "confusion/bar/disc.png" })
        {
            await IsRefusedAsync(await _service.Client.GetAsync(ServiceClient.Relative($"/runs/{id}/{picture}")), 422, "run.multi-label");
        }

        Assert.Equal(HttpStatusCode.OK, (await _service.Client.GetAsync(ServiceClient.Relative($"/runs/{id}/curves.png"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _service.Client.GetAsync(ServiceClient.Relative($"/runs/{id}/advice"))).StatusCode);
    }

    /// <summary>Images that were in no data set are given their labels, and what each label needs can be set.</summary>
    private async Task IsServedAsync(JsonElement version)
    {
        var thresholds = version.GetProperty("thresholds");
        var right = 0;
        for (var number = 5000; number < 5040; number++)
        {
            var result = await ClassifyAsync(number);
            var top = result.GetProperty("top").EnumerateArray()
                .ToDictionary(one => one.GetProperty("label").GetString()!, one => one.GetProperty("probability").GetDouble());
            var labels = result.GetProperty("labels").EnumerateArray().Select(one => one.GetProperty("label").GetString()!).ToArray();
            Assert.Equal(ShapesTogether.Classes, top.Keys.Order());
            Assert.Equal(
                top.Where(one => one.Value >= thresholds.GetProperty(one.Key).GetDouble()).OrderByDescending(one => one.Value)
                    .Select(one => one.Key), labels);
            right += ShapesTogether.Labels(number).SequenceEqual(labels.Order()) ? 1 : 0;
        }

        Assert.InRange(right, 28, 40); // Guessing each shape gives 5.
        foreach (var name in ShapesTogether.Classes)
        {
            using var image = Png(5007);
            using var map = await _service.Client.PostAsync(ServiceClient.Relative($"/explain?model=scratch&class={name}"), image);
            Assert.Equal((HttpStatusCode.OK, "image/png"), (map.StatusCode, map.Content.Headers.ContentType?.MediaType));
        }

        using var set = new StringContent("""{"disc":1,"square":0}""", Encoding.UTF8, "application/json");
        using var answer = await _service.Client.PutAsync(ServiceClient.Relative("/models/scratch/versions/1/thresholds"), set);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string?[] changed =
            [.. (await ClassifyAsync(5007)).GetProperty("labels").EnumerateArray().Select(one => one.GetProperty("label").GetString())];
        Assert.Contains("square", changed);
        Assert.DoesNotContain("disc", changed);
    }

    private async Task ClassifiesADataSetAsync()
    {
        var id = await _service.StartAsync("/classify/jobs", """{"model":"scratch","dataset":"shapes","split":"train"}""");
        var judged = (await _service.UntilAsync($"/classify/jobs/{id}", job => job.GetProperty("state").GetString() == "succeeded"))
            .GetProperty("evaluation");
        Assert.InRange(judged.GetProperty("multiLabel").GetProperty("meanAveragePrecision").GetDouble(), 0.9, 1);
        var lines = (await _service.Client.GetStringAsync(ServiceClient.Relative($"/classify/jobs/{id}/predictions.csv")))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(judged.GetProperty("images").GetInt32(), lines.Length - 1);
        Assert.Equal(
            judged.GetProperty("accuracy").GetDouble(),
            lines.Count(line => line.Contains(",true,", StringComparison.Ordinal)) / (double)(lines.Length - 1), 1e-12);
    }

    private async Task<JsonElement> ClassifyAsync(int number)
    {
        using var image = Png(number);
        using var answer = await _service.Client.PostAsync(ServiceClient.Relative("/classify?model=scratch"), image);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("results")[0];
    }

    private static ByteArrayContent Png(int number) =>
        new(ShapesTogether.Image(number)) { Headers = { ContentType = new("image/png") } };

    /// <summary>As the recipe quick does, on the features of a small start that has learned nothing.</summary>
    [LongProof]
    [Fact]
    public async Task Train_AFittedClassifier_FitsOneForEachClass()
    {
        var id = await _service.StartAsync("/train", """
            {"dataset":"shapes","model":"fitted","startFrom":{"pretrained":"tiny"},"classifier":{"views":2}}
            """);
        await _service.EndsAsync(id, "succeeded");

        AreSound(await _service.GetAsync($"/runs/{id}/evaluation"), least: 0.6); // Guessing gives 0.5.
        Assert.InRange((await _service.GetAsync("/models/fitted/versions/1")).GetProperty("parity").GetProperty("largestDifference")
            .GetDouble(), 0, 1e-4);
    }

    [LongProof]
    [Fact]
    public async Task Train_WithFineTuning_KeepsWhatIsBetter()
    {
        var id = await _service.StartAsync("/train", """
            {"dataset":"shapes","model":"tuned","startFrom":{"pretrained":"tiny"},"classifier":{},"fineTuning":{"share":1},"epochs":3,
             "optimizer":{"learningRate":0.003}}
            """);
        await _service.EndsAsync(id, "succeeded");

        AreSound(await _service.GetAsync($"/runs/{id}/evaluation"), least: 0.6);
        Assert.Equal(4, (await _service.GetAsync($"/runs/{id}/history")).GetArrayLength());
    }

    [Fact]
    public async Task Train_WhatContradictsTheDataSet_IsRefused()
    {
        using var task = await PostAsync("""{"dataset":"shapes","task":"singleLabel"}""");
        await IsRefusedAsync(task, 400, "request.invalid", "task");
        using var softmax = await PostAsync("""
            {"dataset":"shapes","architecture":{"input":{"height":32,"width":32,"channels":3},"layers":[{"type":"flatten"},
             {"type":"dense","units":3,"activation":"softmax"}]}}
            """);
        await IsRefusedAsync(softmax, 400, "request.invalid", "architecture");
    }

    private static void AreSound(JsonElement evaluation, double least)
    {
        Assert.True(evaluation.GetProperty("leftOut").GetInt32() > 0);
        Assert.Empty(evaluation.GetProperty("confusion").EnumerateArray());
        var classes = evaluation.GetProperty("classes").EnumerateArray().ToArray();
        Assert.Equal(ShapesTogether.Classes, classes.Select(one => one.GetProperty("name").GetString()));
        Assert.All(classes, one => Assert.InRange(one.GetProperty("threshold").GetDouble(), 0, 1));
        var precisions = classes.Select(one => one.GetProperty("averagePrecision").GetDouble()).ToArray();
        var figures = evaluation.GetProperty("multiLabel");
        Assert.Equal(precisions.Average(), figures.GetProperty("meanAveragePrecision").GetDouble(), 1e-9);
        Assert.InRange(precisions.Average(), least, 1);
        Assert.Equal(
            classes.Average(one => one.GetProperty("f1").GetDouble()), figures.GetProperty("macroF1").GetDouble(), 1e-9);
    }

    private static async Task IsRefusedAsync(HttpResponseMessage answer, int status, string code, string? field = null)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, text);
        using var problem = JsonDocument.Parse(text);
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.True(field is null || problem.RootElement.GetProperty("errors").TryGetProperty(field, out _), text);
    }

    private Task<HttpResponseMessage> PostAsync(string body) =>
        _service.Client.PostAsync(ServiceClient.Relative("/train"), new StringContent(body, Encoding.UTF8, "application/json"));
}
