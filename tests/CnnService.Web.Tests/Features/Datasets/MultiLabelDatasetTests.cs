using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Web.Artifacts;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Datasets;

/// <summary>Data sets whose images have any number of labels, from the import to the export.</summary>
public sealed class MultiLabelDatasetTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private const int Count = 40;

    [Fact]
    public async Task Import_OfATableOfLists_TellsTaskAndCountsPerClass()
    {
        await ShapesTogether.ImportAsync(service, "told", Count);

        var dataset = await service.GetJsonAsync("datasets/told");

        Assert.Equal("multiLabel", dataset.GetProperty("task").GetString());
        var splits = dataset.GetProperty("images");
        Assert.Equal(Count, Sum(splits));
        foreach (var one in dataset.GetProperty("classes").EnumerateArray())
        {
            var wanted = Enumerable.Range(0, Count).Count(i => ShapesTogether.Labels(i).Contains(one.GetProperty("name").GetString()));
            Assert.Equal(wanted, Sum(one));
            Assert.True(one.GetProperty("validation").GetInt32() > 0);
        }

        var dry = await InspectAsync(ShapesTogether.Archive(Count));
        Assert.Equal(("multiLabel", Count), (dry.GetProperty("task").GetString(), Sum(dry.GetProperty("splits"))));
        Assert.Equal(20, Sum(dry.GetProperty("classes")[0].GetProperty("images")));
    }

    [Fact]
    public async Task Images_OfAClass_AreThoseThatHaveIt()
    {
        await ShapesTogether.ImportAsync(service, "listed", Count);

        var images = await ImagesAsync("listed", "?class=disc&limit=7");
        var next = await ImagesAsync("listed", $"?class=disc&limit=200&after={images.GetProperty("next").GetString()}");

        JsonElement[] all = [.. images.GetProperty("items").EnumerateArray(), .. next.GetProperty("items").EnumerateArray()];
        Assert.Equal(
            Enumerable.Range(0, Count).Where(i => ShapesTogether.Labels(i).Contains("disc")).Select(i => $"images/{i}.png").Order(),
            all.Select(image => image.GetProperty("source").GetString()).Order());
        Assert.All(all, image => Assert.Equal(
            ShapesTogether.Labels(int.Parse(Path.GetFileNameWithoutExtension(image.GetProperty("source").GetString()!))),
            Labels(image)));
        Assert.Equal("bar, disc, square", all.First(image => Labels(image).Length == 3).GetProperty("class").GetString());
    }

    [Fact]
    public async Task Relabel_WithAList_MakesARevisionAndKeepsTheOneBefore()
    {
        await ShapesTogether.ImportAsync(service, "mended", Count);
        var image = (await ImagesAsync("mended", "?class=bar&limit=1")).GetProperty("items")[0];
        var (id, before) = (image.GetProperty("id").GetString()!, Labels(image));

        var changed = await PatchAsync("mended", id, """{ "labels": ["square", "new one", "square"] }""");
        var none = await PatchAsync("mended", id, """{ "labels": [] }""");
        var again = await PatchAsync("mended", id, """{ "labels": [] }""");

        Assert.Equal(["new one", "square"], Labels(changed.GetProperty("image")));
        Assert.Contains(changed.GetProperty("dataset").GetProperty("classes").EnumerateArray(),
            one => one.GetProperty("name").GetString() == "new one");
        Assert.Equal((3, 3), (Revision(none), Revision(again)));
        Assert.Empty(Labels(none.GetProperty("image")));
        Assert.Equal(before, Manifest("mended:1").NamesOf(Manifest("mended:1").Images.Find(id)!.Label));
        Assert.Equal(3, Manifest("mended").Classes.Count);
    }

    [Fact]
    public async Task Add_WithSeveralClasses_GivesThemToTheImage()
    {
        await ShapesTogether.ImportAsync(service, "more", Count);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("disc"), "class" }, { new StringContent("bar"), "class" },
            { new ByteArrayContent(ShapesTogether.Image(1003)), "files", "1003.png" },
        };

        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets/more/images"), form);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(["bar", "disc"], Labels((await CnnServiceApplication.JsonAsync(answer)).GetProperty("added")[0]));
    }

    [Fact]
    public async Task Export_ImportedAgain_IsTheSameDataset()
    {
        await ShapesTogether.ImportAsync(service, "out", Count);
        using var folders = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/out/export?format=folders"));

        await ShapesTogether.ImportAsync(service, "in", await folders.Content.ReadAsByteArrayAsync(), "out.tar");
        using var parquet = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/out/export?format=parquet"));

        Assert.Equal(Manifest("out").Digest, Manifest("in").Digest);
        Assert.Equal(
            Manifest("out").Images.Select(image => (image.Id, image.Split)),
            Manifest("in").Images.Select(image => (image.Id, image.Split)));
        await ProblemAssert.IsAsync(parquet, HttpStatusCode.UnprocessableEntity, "dataset.multi-label");
    }

    [Fact]
    public async Task Health_TellsOfLabels_AndRanksNoneAgainstAModel()
    {
        await ShapesTogether.ImportAsync(service, "healthy", Count);
        await RedOrBlue.PublishAsync(service, "judge");

        var health = await service.GetJsonAsync("datasets/healthy/health");
        using var ranked = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/healthy/health?model=judge"));

        Assert.Equal(20, Sum(health.GetProperty("classes")[0]));
        await ProblemAssert.IsAsync(ranked, HttpStatusCode.UnprocessableEntity, "dataset.multi-label");
    }

    private static int Sum(JsonElement counts) =>
        new[] { "train", "validation", "test" }.Sum(split => counts.GetProperty(split).GetInt32());

    private static string[] Labels(JsonElement image) =>
        [.. image.GetProperty("labels").EnumerateArray().Select(one => one.GetString()!)];

    private static int Revision(JsonElement changed) => changed.GetProperty("dataset").GetProperty("revision").GetInt32();

    private Task<JsonElement> ImagesAsync(string name, string query) => service.GetJsonAsync($"datasets/{name}/images{query}");

    private async Task<JsonElement> InspectAsync(byte[] archive)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("dry", Encoding.UTF8), "name" }, { new ByteArrayContent(archive), "file", "images.zip" },
        };
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets/inspect"), form);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await CnnServiceApplication.JsonAsync(answer);
    }

    private async Task<JsonElement> PatchAsync(string dataset, string id, string body)
    {
        using var answer = await service.Client.PatchAsJsonAsync(
            CnnServiceApplication.Relative($"datasets/{dataset}/images/{id}"), JsonDocument.Parse(body).RootElement);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await CnnServiceApplication.JsonAsync(answer);
    }

    private DatasetManifest Manifest(string name)
    {
        var named = DatasetReference.Parse(name)!.Value;
        var folder = service.Services.GetRequiredService<DataFolders>().Dataset(named.Name);
        return DatasetFolder.ReadManifest(folder, named.Revision).Value;
    }
}
