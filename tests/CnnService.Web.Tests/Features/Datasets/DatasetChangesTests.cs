using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Datasets;

/// <summary>PATCH and DELETE /datasets/{name}/images/{id}, GET /datasets/{name}/revisions, and requests that name a revision.</summary>
public sealed class DatasetChangesTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private static readonly (string Path, byte Red, byte Green, byte Blue)[] Some =
    [
        ("train/red/1.png", 250, 0, 0), ("train/red/2.png", 240, 10, 0), ("train/blue/1.png", 0, 0, 250), ("train/blue/2.png", 0, 9, 240),
        ("validation/red/1.png", 200, 0, 0), ("validation/blue/1.png", 0, 0, 200),
    ];

    [Fact]
    public async Task Relabel_MakesARevisionAndKeepsTheOneBefore()
    {
        await ColourDataset.ImportAsync(service, "wrong", Some);
        var image = await ImageAsync("wrong", "train/blue/2.png");

        var answer = await ChangedAsync("wrong", image, """{ "class": "red" }""");

        Assert.Equal(("red", image, 2), (answer.GetProperty("image").GetProperty("class").GetString(),
            answer.GetProperty("image").GetProperty("id").GetString(), answer.GetProperty("dataset").GetProperty("revision").GetInt32()));
        Assert.Equal(["blue", "red"], await ClassesOfAsync("wrong:1", "wrong:2", image));
        Assert.Equal(3, Manifest("wrong").CountByClass(Split.Train)[1]);
        var revisions = (await service.GetJsonAsync("datasets/wrong/revisions")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([(2, "relabelled", 1), (1, "imported", 6)], revisions.Select(one => (one.GetProperty("revision").GetInt32(),
            one.GetProperty("change").GetString()!, one.GetProperty("changed").GetInt32())));
        var again = await ChangedAsync("wrong", image, """{ "labels": ["red"] }""");
        Assert.Equal(2, again.GetProperty("dataset").GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task Remove_GivesTheDatasetThatAnImportOfTheRestGives()
    {
        await ColourDataset.ImportAsync(service, "rest", [.. Some.Where(one => one.Path != "train/red/2.png")]);
        await ColourDataset.ImportAsync(service, "less", Some);

        await RemoveAsync("less", await ImageAsync("less", "train/red/2.png"));

        var (rest, less) = (Manifest("rest"), Manifest("less"));
        Assert.Equal((rest.Digest, rest.Bytes, rest.Moments), (less.Digest, less.Bytes, less.Moments));
        Assert.Equal(rest.Mean, less.Mean);
        Assert.Equal(rest.Covariance, less.Covariance);
        Assert.Equal(6, (await service.GetJsonAsync("datasets/less:1/images")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Remove_WithPurge_LeavesNothingOfTheImage()
    {
        await ColourDataset.ImportAsync(service, "private", Some);
        var image = Manifest("private").Images.Find(await ImageAsync("private", "train/red/2.png"))!;

        await RemoveAsync("private", image.Id, "?purge=true");

        Assert.False(File.Exists(DatasetFolder.ImagePath(Folder("private"), image)));
        Assert.Equal(5, Directory.GetFiles(Path.Combine(Folder("private"), DatasetFolder.ImagesFolder)).Length);
        using var before = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/private:1/images"));
        await ProblemAssert.IsAsync(before, HttpStatusCode.NotFound, "dataset.revision-not-found");
        Assert.Equal(2, Manifest("private").Revision.Number);
    }

    [Fact]
    public async Task Relabel_ManyAtOnce_LosesNone()
    {
        await ColourDataset.ImportAsync(service, "many", Some);
        var ids = Manifest("many").Images.Select(image => image.Id).ToArray();

        await Task.WhenAll(ids.Select(id => ChangedAsync("many", id, """{ "class": "green" }""")));

        Assert.Equal(["green"], Manifest("many").Classes);
        Assert.Equal((6, 7), (Manifest("many").Images.Count, Manifest("many").Revision.Number));
    }

    [Fact]
    public async Task Images_WhileTheDatasetChanges_ArePagesOfOneRevision()
    {
        await ColourDataset.ImportAsync(service, "paged", Some);
        var first = await service.GetJsonAsync("datasets/paged/images?limit=4");

        await RemoveAsync("paged", first.GetProperty("items")[0].GetProperty("id").GetString()!);

        var second = await service.GetJsonAsync($"datasets/paged/images?limit=4&after={first.GetProperty("next").GetString()}");
        Assert.Equal(Enumerable.Range(0, 6).Select(i => Some[i].Path).Order(StringComparer.Ordinal), new[] { first, second }
            .SelectMany(page => page.GetProperty("items").EnumerateArray()).Select(one => one.GetProperty("source").GetString())
            .Order(StringComparer.Ordinal));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Image_AskedForTwice_IsTheSameAndNotSentAgain()
    {
        await ColourDataset.ImportAsync(service, "shown", Some);
        var image = Manifest("shown").Images[0];
        foreach (var query in new[] { string.Empty, "?size=16" })
        {
            var address = CnnServiceApplication.Relative($"datasets/shown/images/{image.Id}{query}");
            using var first = await service.Client.GetAsync(address);
            using var second = await service.Client.GetAsync(address);
            using var again = new HttpRequestMessage(HttpMethod.Get, address);
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var unchanged = await service.Client.SendAsync(again);

            Assert.Equal((HttpStatusCode.OK, query.Length == 0 ? "image/png" : "image/jpeg", HttpStatusCode.NotModified),
                (first.StatusCode, first.Content.Headers.ContentType?.MediaType, unchanged.StatusCode));
            Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await second.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("{}", "class")]
    [InlineData("""{ "class": "red", "labels": ["red"] }""", "class")]
    [InlineData("""{ "class": "" }""", "class")]
    [InlineData("""{ "labels": ["a\u0007"] }""", "labels[0]")]
    public async Task Relabel_BadRequest_SaysWhatIsWrong(string body, string field)
    {
        using var answer = await PatchAsync("none", "none", body);

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("""{ "labels": ["red", "blue"] }""")]
    [InlineData("""{ "labels": [] }""")]
    public async Task Relabel_WithOtherThanOneLabel_IsRefusedWhereImagesHaveOne(string body)
    {
        await ColourDataset.ImportAsync(service, $"one{body.Length}", Some);
        using var answer = await PatchAsync($"one{body.Length}", await ImageAsync($"one{body.Length}", "train/red/1.png"), body);

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal("labels", Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task Change_OfWhatIsNotThere_IsNotFound()
    {
        await ColourDataset.ImportAsync(service, "known", Some);
        using var image = await PatchAsync("known", "none", """{ "class": "red" }""");
        await ProblemAssert.IsAsync(image, HttpStatusCode.NotFound, "image.not-found");
        using var dataset = await PatchAsync("unknown", "none", """{ "class": "red" }""");
        await ProblemAssert.IsAsync(dataset, HttpStatusCode.NotFound, "dataset.not-found");
        using var removed = await service.Client.DeleteAsync(CnnServiceApplication.Relative("datasets/known/images/none"));
        await ProblemAssert.IsAsync(removed, HttpStatusCode.NotFound, "image.not-found");
        using var cursor = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/known/images?after=x"));
        await ProblemAssert.IsAsync(cursor, HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task Train_OnAnEarlierRevision_PlansThatOneWhileTheDatasetChanges()
    {
        await using var idle = new CnnServiceApplication([], WithoutWorker.Remove);
        await SomeDataset.AddReadyAsync(idle.Services, SomeDataset.Manifest("pets", ["a", "b"]));
        var folder = idle.Services.GetRequiredService<DataFolders>().Dataset("pets");
        var first = DatasetFolder.ReadManifest(folder).Value;
        using var changed = await idle.Client.PatchAsJsonAsync(
            CnnServiceApplication.Relative($"datasets/pets/images/{first.Images[0].Id}"), new { @class = "b2" });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        var (earlier, newest) = (await RunAsync(idle, "pets:1"), await RunAsync(idle, "pets"));

        Assert.Equal((("pets", 1), ("pets", 2)), (Named(earlier), Named(newest)));
        var row = (await idle.Services.GetRequiredService<RunStore>().FindAsync(earlier.GetProperty("id").GetString()!))!;
        var plan = JsonSerializer.Deserialize<TrainingPlan>(row.Plan, CoreJson.Options)!;
        Assert.Equal((first.Digest, 1, "pets"), (plan.DatasetDigest, plan.DatasetRevision, row.Model));
        using var none = await idle.Client.PostAsJsonAsync(CnnServiceApplication.Relative("train"), new { dataset = "pets:9" });
        await ProblemAssert.IsAsync(none, HttpStatusCode.NotFound, "dataset.revision-not-found");
        using var added = await idle.Client.DeleteAsync(
            CnnServiceApplication.Relative($"datasets/pets/images/{first.Images[0].Id}?purge=true"));
        await ProblemAssert.IsAsync(added, HttpStatusCode.Conflict, "dataset.in-use");
    }

    private static async Task<JsonElement> RunAsync(CnnServiceApplication application, string dataset)
    {
        using var answer = await application.Client.PostAsJsonAsync(
            CnnServiceApplication.Relative("train"), new { dataset, imageSize = 32 });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await CnnServiceApplication.JsonAsync(answer);
    }

    private static (string?, int) Named(JsonElement run) =>
        (run.GetProperty("dataset").GetString(), run.GetProperty("datasetRevision").GetInt32());

    private async Task<string[]> ClassesOfAsync(string one, string other, string id)
    {
        var classes = new List<string>();
        foreach (var dataset in new[] { one, other })
        {
            var images = (await service.GetJsonAsync($"datasets/{dataset}/images")).GetProperty("items").EnumerateArray();
            classes.Add(images.Single(image => image.GetProperty("id").GetString() == id).GetProperty("class").GetString()!);
        }

        return [.. classes];
    }

    private async Task<string> ImageAsync(string dataset, string source)
    {
        var images = (await service.GetJsonAsync($"datasets/{dataset}/images")).GetProperty("items").EnumerateArray();
        return images.Single(image => image.GetProperty("source").GetString() == source).GetProperty("id").GetString()!;
    }

    private async Task<HttpResponseMessage> PatchAsync(string dataset, string id, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        return await service.Client.PatchAsync(CnnServiceApplication.Relative($"datasets/{dataset}/images/{id}"), content);
    }

    private async Task<JsonElement> ChangedAsync(string dataset, string id, string body)
    {
        using var answer = await PatchAsync(dataset, id, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await CnnServiceApplication.JsonAsync(answer);
    }

    private async Task RemoveAsync(string dataset, string id, string query = "")
    {
        using var answer = await service.Client.DeleteAsync(CnnServiceApplication.Relative($"datasets/{dataset}/images/{id}{query}"));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private string Folder(string name) => service.Services.GetRequiredService<DataFolders>().Dataset(name);

    private DatasetManifest Manifest(string name) => DatasetFolder.ReadManifest(Folder(name)).Value;
}
