using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Datasets;

/// <summary>What newcomers do wrong, and the sentence that helps them on.</summary>
public sealed class MistakesTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    [Fact]
    public async Task ArchiveNamedFiles_IsTaken()
    {
        using var form = Form("taken", "files", Zip("red/1.png", "red/2.png", "blue/1.png", "blue/2.png"));
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task ArchiveNamedOtherwise_TellsTheNameOfTheField()
    {
        using var form = Form("otherwise", "archive", new byte[2000]);
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.malformed");

        Assert.Contains(
            "'archive' may have 1024 bytes; the file to import goes in the field 'file'", Detail(problem), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ArchiveWithoutFolders_IsShownTheLayout()
    {
        using var form = Form("loose", "file", Zip("1.png", "2.png", "3.png"));
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets/inspect"), form);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity, "dataset.no-classes");

        Assert.Contains("a folder per class (cats/1.jpg, dogs/1.jpg)", Detail(problem), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FieldOfAForm_Misspelt_IsRecognized()
    {
        using var form = Form("misspelt", "file", Zip("red/1.png"));
        form.Add(new StringContent("0.2"), "validationFracton");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");

        Assert.StartsWith("is not a field here; did you mean validationFraction?",
            problem.GetProperty("errors").GetProperty("validationFracton")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FieldOfARequest_Misspelt_IsRecognized()
    {
        var problem = await RefusedAsync(service, "train", """{"datset":"pets"}""", HttpStatusCode.BadRequest);

        Assert.StartsWith("is not a field here; did you mean dataset?",
            problem.GetProperty("errors").GetProperty("datset")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SingleQuotes_AreToldToBeDoubleOnes()
    {
        var problem = await RefusedAsync(service, "train", "{'dataset':'pets'}", HttpStatusCode.BadRequest);

        Assert.Contains("names and texts stand in double quotes", Detail(problem), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PathElsewhere_NamesTheRoots()
    {
        using var roots = new TemporaryFolder();
        await using var rooted = new CnnServiceApplication(new() { ["Datasets:ImportRoots:0"] = roots.Path });

        var problem = await RefusedAsync(rooted, "datasets", """{"name":"x","path":"/no/such/folder"}""", HttpStatusCode.Forbidden);

        Assert.Contains($"must lie under '{roots.Path}'", Detail(problem), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DatasetMisspelt_NamesTheOthers()
    {
        using (var answer = await service.Client.PostAsync(
            CnnServiceApplication.Relative("datasets"), Json("""{"name":"pets","sample":"shapes-few"}""")))
        {
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        var problem = await RefusedAsync(service, "train", """{"dataset":"pet"}""", HttpStatusCode.NotFound);

        Assert.Contains("There is no data set 'pet'. Did you mean pets? The data sets are", Detail(problem), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> RefusedAsync(CnnServiceApplication service, string path, string body, HttpStatusCode status)
    {
        using var content = Json(body);
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative(path), content);
        return await ProblemAssert.IsAsync(answer, status);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string Detail(JsonElement problem) => problem.GetProperty("detail").GetString()!;

    private static MultipartFormDataContent Form(string name, string field, byte[] file) =>
        new() { { new StringContent(name), "name" }, { new ByteArrayContent(file), field, "images.zip" } };

    private static byte[] Zip(params string[] paths)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (number, path) in paths.Index())
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(RedOrBlue.Image((byte)(40 * number), 0, 100));
            }
        }

        return memory.ToArray();
    }
}
