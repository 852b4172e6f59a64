using System.Net;
using System.Text;
using System.Text.Json;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Web.Artifacts;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Datasets;

/// <summary>POST /datasets/{name}/images.</summary>
public class DatasetAdditionsTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private static readonly byte[] Broken = [0xFF, 0xD8, 0xFF, 0xE0, 0, 0];

    private static readonly (string Path, byte Red, byte Green, byte Blue)[] Some =
    [
        ("train/red/1.png", 250, 0, 0), ("train/red/2.png", 240, 10, 0), ("train/blue/1.png", 0, 0, 250),
        ("validation/red/1.png", 200, 0, 0), ("validation/blue/1.png", 0, 0, 200),
    ];

    [Fact]
    public async Task Add_GivesTheDatasetThatAnImportOfEverythingGives()
    {
        await ColourDataset.ImportAsync(service, "whole",
            [.. Some, ("train/green/1.png", 0, 230, 0), ("train/blue/2.png", 0, 20, 220), ("validation/blue/2.png", 5, 5, 190)]);
        await ColourDataset.ImportAsync(service, "part", Some);

        await AddedAsync("part", "train", "green", RedOrBlue.Image(0, 230, 0));
        await AddedAsync("part", "train", "blue", RedOrBlue.Image(0, 20, 220));
        var last = await AddedAsync("part", "validation", "blue", RedOrBlue.Image(5, 5, 190));

        var (whole, part) = (Manifest("whole"), Manifest("part"));
        Assert.Equal(whole.Digest, part.Digest);
        Assert.Equal(whole.Classes, part.Classes);
        Assert.Equal(whole.Mean, part.Mean);
        Assert.Equal(whole.Std, part.Std);
        Assert.Equal(whole.Covariance, part.Covariance);
        Assert.Equal(whole.Images.Select(image => image.Sha256), part.Images.Select(image => image.Sha256));
        Assert.Equal(whole.Bytes, part.Bytes);
        var blue = last.GetProperty("dataset").GetProperty("classes").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "blue");
        Assert.Equal((2, 2), (blue.GetProperty("train").GetInt32(), blue.GetProperty("validation").GetInt32()));
        using var file = await service.Client.GetAsync(
            CnnServiceApplication.Relative(last.GetProperty("added")[0].GetProperty("url").GetString()!));
        Assert.Equal(RedOrBlue.Image(5, 5, 190), await file.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Add_OfTheImageThatIsThere_KeepsBothApart()
    {
        await ColourDataset.ImportAsync(service, "twice", Some);

        var added = await AddedAsync("twice", "validation", "red", RedOrBlue.Image(250, 0, 0));

        Assert.EndsWith("-1", added.GetProperty("added")[0].GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Contains("more than one split", added.GetProperty("dataset").GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_OfSoundAndBrokenFiles_TakesTheSoundAndTellsOfTheOthers()
    {
        await ColourDataset.ImportAsync(service, "mixed", Some);

        var added = await AddedAsync("mixed", "train", "red", RedOrBlue.Image(1, 1, 1), Broken);
        using var none = await PostAsync("mixed", "train", "red", Broken);

        Assert.Equal((1, "1.png"),
            (added.GetProperty("added").GetArrayLength(),
                Assert.Single(added.GetProperty("rejected").EnumerateArray()).GetProperty("path").GetString()));
        await ProblemAssert.IsAsync(none, HttpStatusCode.UnprocessableEntity, "dataset.no-images");
        Assert.Equal(6, Manifest("mixed").Images.Count);
    }

    [Fact]
    public async Task Add_WithFieldsThatBreakTheirRules_NamesThemAll()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("everything", Encoding.UTF8), "split" }, { new StringContent("a\nb", Encoding.UTF8), "class" },
            { new StringContent("x", Encoding.UTF8), "label" },
            { new ByteArrayContent(Broken), "files", "1.png" },
        };
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets/none/images"), form);

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(["class", "label", "split"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    [Fact]
    public async Task Add_ToWhatIsNotThere_IsNotFound()
    {
        using var answer = await PostAsync("none", "train", "red", RedOrBlue.Image(1, 1, 1));

        await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "dataset.not-found");
    }

    private static MultipartFormDataContent Form(string split, string className, params byte[][] files)
    {
        var form = new MultipartFormDataContent { { new StringContent(split, Encoding.UTF8), "split" },
            { new StringContent(className, Encoding.UTF8), "class" } };
        foreach (var (number, file) in files.Index())
        {
            form.Add(new ByteArrayContent(file), "files", $"{number}.png");
        }

        return form;
    }

    private async Task<HttpResponseMessage> PostAsync(string name, string split, string className, params byte[][] files)
    {
        using var form = Form(split, className, files);
        return await service.Client.PostAsync(CnnServiceApplication.Relative($"datasets/{name}/images"), form);
    }

    private async Task<JsonElement> AddedAsync(string name, string split, string className, params byte[][] files)
    {
        using var answer = await PostAsync(name, split, className, files);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await CnnServiceApplication.JsonAsync(answer);
    }

    private DatasetManifest Manifest(string name) =>
        DatasetFolder.ReadManifest(service.Services.GetRequiredService<DataFolders>().Dataset(name)).Value;
}
