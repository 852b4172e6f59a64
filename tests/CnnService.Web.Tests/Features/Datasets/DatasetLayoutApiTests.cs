using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Features.Datasets;

/// <summary>What a sender says about the layout of a data set, and dry runs.</summary>
public sealed class DatasetLayoutApiTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private static readonly (string Name, byte[] Content)[] Birds =
    [
        .. Enumerable.Range(0, 10).Select(i => ($"{(i < 6 ? "wren" : "owl")}_{i}.png", RedOrBlue.Image((byte)(20 * i), 0, 9, side: 16))),
        ("owl_broken.png", [1, 2, 3]),
    ];

    [Theory]
    [InlineData("datasets?dryRun=true", false)]
    [InlineData("datasets", true)]
    public async Task DryRun_TellsWhatWouldBeImportedAndImportsNothing(string route, bool isField)
    {
        using var form = Form(Birds, "birds");
        if (isField)
        {
            form.Add(new StringContent("true"), "dryRun");
        }

        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative(route), form);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var inspection = await CnnServiceApplication.JsonAsync(answer);
        Assert.Equal("names", inspection.GetProperty("layout").GetString());
        Assert.Equal("singleLabel", inspection.GetProperty("task").GetString());
        Assert.Equal("""{"train":8,"validation":2,"test":0}""", inspection.GetProperty("splits").GetRawText());
        Assert.Equal(["owl 4", "wren 5"], inspection.GetProperty("classes").EnumerateArray()
            .Select(found => $"{found.GetProperty("name").GetString()} {found.GetProperty("examples").GetArrayLength()}"));
        Assert.Equal("owl_broken.png", Assert.Single(inspection.GetProperty("rejected").EnumerateArray()).GetProperty("path").GetString());
        Assert.Contains("file names", inspection.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(service.DataDirectory, "uploads")));
        using var missing = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/birds"));
        await ProblemAssert.IsAsync(missing, HttpStatusCode.NotFound, "dataset.not-found");
    }

    [Fact]
    public async Task DryRun_OfAFlatArchive_ShowsTheLayoutThatIsMeant()
    {
        using var form = Form([.. Enumerable.Range(0, 4).Select(i => ($"IMG_{i}.png", RedOrBlue.Image((byte)i, 0, 9)))], "flat");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets?dryRun=true"), form);

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity, "dataset.no-classes");
        Assert.Contains("cats/1.jpg", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_OfAForm_DecideTheImport()
    {
        using var form = Form(await File.ReadAllBytesAsync(SharedData.Path("bug-reports", "cp866_small.zip"),
            TestContext.Current.CancellationToken), "russian", "files");
        form.Add(new StringContent("cp866"), "nameEncoding");
        form.Add(new StringContent("folders"), "layout");
        form.Add(new StringContent("false"), "mergeCase");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);

        var dataset = await ReadyAsync("russian");
        Assert.Equal(["кот", "пёс"], Classes(dataset));
        Assert.Equal("folders", dataset.GetProperty("layout").GetString());
        Assert.Equal("singleLabel", dataset.GetProperty("task").GetString());
    }

    [Fact]
    public async Task Fields_OfJson_DecideTheImport()
    {
        using var root = new TemporaryFolder();
        foreach (var (name, content) in Birds)
        {
            await File.WriteAllBytesAsync(Path.Combine(root.Path, name), content, TestContext.Current.CancellationToken);
        }

        await using var rooted = new CnnServiceApplication(new() { ["Datasets:ImportRoots:0"] = root.Path });
        var order = new { name = "birds", path = root.Path, namePattern = @"(?<label>w|o).*_\d", dryRun = true };
        var inspection = await CnnServiceApplication.JsonAsync(await PostAsync(rooted, order));
        Assert.Equal(["o", "w"], Classes(inspection));

        using var outside = await PostAsync(rooted, new { name = "birds", path = "/" });
        var problem = await ProblemAssert.IsAsync(outside, HttpStatusCode.Forbidden, "dataset.outside-import-root");
        Assert.Contains($"under '{root.Path}', received '/'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        // Nobody learns what there is elsewhere: a file, nothing, a folder beside the root.
        foreach (var path in new[] { "/dev/null", "/no/such/folder", $"{root.Path}-beside", $"{root.Path}/../none" })
        {
            using var elsewhere = await PostAsync(rooted, new { name = "birds", path });
            await ProblemAssert.IsAsync(elsewhere, HttpStatusCode.Forbidden, "dataset.outside-import-root");
        }

        using var none = await PostAsync(rooted, new { name = "birds", path = $"{root.Path}/none" });
        problem = await ProblemAssert.IsAsync(none, HttpStatusCode.UnprocessableEntity, "dataset.no-folder");
        Assert.Contains($"under '{root.Path}'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layout", "kaggle")]
    [InlineData("namePattern", "[a-z]+")]
    [InlineData("nameEncoding", "klingon")]
    [InlineData("mergeCase", "maybe")]
    [InlineData("dryRun", "2")]
    public async Task Fields_ThatBreakTheirRules_AreNamed(string field, string value)
    {
        using var form = Form(Birds, "unsound");
        form.Add(new StringContent(value), field);
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);
        await NamesAsync(answer, field);
        if (field is "layout" or "namePattern" or "nameEncoding")
        {
            using var json = await PostAsync(service, new Dictionary<string, string>
            {
                ["name"] = "unsound",
                ["sample"] = "shapes",
                [field] = value,
            });
            await NamesAsync(json, field);
        }
    }

    [Fact]
    public async Task AnUnknownName_IsAnsweredWithTheNamesThereAre()
    {
        await using var own = new CnnServiceApplication([], WithoutWorker.Remove);
        await SomeDataset.AddAsync(own.Services, "dogs-vs-cats");
        await SomeDataset.AddAsync(own.Services, "flowers");
        using var answer = await own.Client.GetAsync(CnnServiceApplication.Relative("datasets/flower"));

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "dataset.not-found");
        Assert.Equal("There is no data set 'flower'. Did you mean flowers? The data sets are dogs-vs-cats, flowers.",
            problem.GetProperty("detail").GetString());
        Assert.Equal(["dogs-vs-cats", "flowers"], problem.GetProperty("datasets").EnumerateArray().Select(name => name.GetString()));
    }

    private static async Task NamesAsync(HttpResponseMessage answer, string field)
    {
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal([field], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    private static IEnumerable<string?> Classes(JsonElement dataset) =>
        dataset.GetProperty("classes").EnumerateArray().Select(found => found.GetProperty("name").GetString());

    private static MultipartFormDataContent Form((string Name, byte[] Content)[] files, string name)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                using var stream = zip.CreateEntry(path).Open();
                stream.Write(content);
            }
        }

        return Form(memory.ToArray(), name, "file");
    }

    private static MultipartFormDataContent Form(byte[] archive, string name, string part) =>
        new() { { new StringContent(name), "name" }, { new ByteArrayContent(archive), part, "archive" } };

    private static async Task<HttpResponseMessage> PostAsync(CnnServiceApplication to, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return await to.Client.PostAsync(CnnServiceApplication.Relative("datasets"), content);
    }

    private async Task<JsonElement> ReadyAsync(string name)
    {
        var dataset = await Eventually.IsAsync(
            () => service.GetJsonAsync($"datasets/{name}"), dataset => dataset.GetProperty("status").GetString() != "importing");
        Assert.True(dataset.GetProperty("status").GetString() == "ready", dataset.ToString());
        return dataset;
    }
}
