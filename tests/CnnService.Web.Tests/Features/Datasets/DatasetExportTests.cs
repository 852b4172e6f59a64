using System.Formats.Tar;
using System.Net;
using System.Text.Json;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Web.Artifacts;
using Microsoft.Extensions.DependencyInjection;
using Parquet;

namespace CnnService.Web.Tests.Features.Datasets;

/// <summary>GET /datasets/{name}/export: what goes out comes in again as it was.</summary>
public sealed class DatasetExportTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private static readonly (string Path, byte Red, byte Green, byte Blue)[] Some =
    [
        ("train/red/1.png", 250, 0, 0), ("train/red/2.png", 240, 10, 0), ("train/red/again.png", 250, 0, 0),
        ("train/blau ü/1.png", 0, 0, 250),
        ("validation/red/1.png", 200, 0, 0), ("validation/blau ü/1.png", 0, 0, 200), ("test/red/1.png", 100, 0, 0),
    ];

    [Fact]
    public async Task Folders_ImportedAgain_GiveTheSameDataset()
    {
        await ColourDataset.ImportAsync(service, "out", Some);

        var archive = await ExportAsync("out", "?format=folders", "application/x-tar");
        await ImportAsync("in", archive, "out.tar");

        Assert.Equal(Manifest("out").Digest, Manifest("in").Digest);
        Assert.Equal(Manifest("out").Images.Select(image => image.Id), Manifest("in").Images.Select(image => image.Id));
        var entries = Entries(archive);
        Assert.Equal(8, entries.Count);
        Assert.StartsWith(
            "file_name,label,split\n", System.Text.Encoding.UTF8.GetString(entries["metadata.csv"]), StringComparison.Ordinal);
        Assert.Contains(entries.Keys, path => path.StartsWith("validation/blau ü/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_OfAnEarlierRevision_HoldsWhatItHeld()
    {
        await ColourDataset.ImportAsync(service, "earlier", Some);
        var gone = Manifest("earlier").Images[0];
        using var removed = await service.Client.DeleteAsync(CnnServiceApplication.Relative($"datasets/earlier/images/{gone.Id}"));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);

        Assert.Contains(Entries(await ExportAsync("earlier:1", string.Empty, "application/x-tar")).Keys, Names);
        Assert.DoesNotContain(Entries(await ExportAsync("earlier", string.Empty, "application/x-tar")).Keys, Names);

        bool Names(string path) => path.EndsWith($"/{gone.Id}.png", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_OfSeveralSplits_IsAnArchiveOfFilesAsHuggingFaceWritesThem()
    {
        await ColourDataset.ImportAsync(service, "parquet", Some);

        var files = Entries(await ExportAsync("parquet", "?format=parquet", "application/x-tar"));

        Assert.Equal(["data/test-00000-of-00001.parquet", "data/train-00000-of-00001.parquet", "data/validation-00000-of-00001.parquet"],
            files.Keys.Order(StringComparer.Ordinal));
        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(files["data/train-00000-of-00001.parquet"]));
        using var about = JsonDocument.Parse(reader.CustomMetadata["huggingface"]);
        var features = about.RootElement.GetProperty("info").GetProperty("features");
        Assert.Equal("Image", features.GetProperty("image").GetProperty("_type").GetString());
        Assert.Equal("ClassLabel", features.GetProperty("label").GetProperty("_type").GetString());
        Assert.Equal(
            ["blau ü", "red"], features.GetProperty("label").GetProperty("names").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["bytes", "path", "label"], reader.Schema.DataFields.Select(field => field.Name));
        var train = Manifest("parquet").Images.Of(Split.Train);
        var (bytes, paths, labels) = (new byte[4][], new string[4], new long[4]);
        var group = Assert.Single(reader.RowGroups);
        await group.ReadAsync(reader.Schema.DataFields[0], bytes);
        await group.ReadAsync(reader.Schema.DataFields[1], paths);
        await group.ReadAsync<long>(reader.Schema.DataFields[2], labels);
        Assert.Equal(train.Select(image => File.ReadAllBytes(DatasetFolder.ImagePath(Folder("parquet"), image))), bytes);
        Assert.Equal(train.Select(image => $"{image.Id}.png"), paths);
        Assert.Equal(train.Select(image => (long)image.Label), labels);
    }

    [Fact]
    public async Task Export_OfWhatIsNotThere_IsAProblem()
    {
        using var none = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/none/export"));
        await ProblemAssert.IsAsync(none, HttpStatusCode.NotFound, "dataset.not-found");
        using var format = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/none/export?format=xml"));
        await ProblemAssert.IsAsync(format, HttpStatusCode.BadRequest, "request.invalid");
    }

    private async Task<byte[]> ExportAsync(string dataset, string query, string mediaType)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative($"datasets/{dataset}/export{query}"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(mediaType, answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private async Task ImportAsync(string name, byte[] file, string fileName)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(name), "name" }, { new ByteArrayContent(file), "file", fileName },
        };
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var dataset = await Eventually.IsAsync(() => service.GetJsonAsync($"datasets/{name}"),
            seen => seen.GetProperty("status").GetString() != "importing");
        Assert.Equal("ready", dataset.GetProperty("status").GetString());
    }

    private static Dictionary<string, byte[]> Entries(byte[] archive)
    {
        var entries = new Dictionary<string, byte[]>();
        using var reader = new TarReader(new MemoryStream(archive));
        while (reader.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            entries.Add(entry.Name, content.ToArray());
        }

        return entries;
    }

    private string Folder(string name) => service.Services.GetRequiredService<DataFolders>().Dataset(name);

    private DatasetManifest Manifest(string name) => DatasetFolder.ReadManifest(Folder(name)).Value;
}
