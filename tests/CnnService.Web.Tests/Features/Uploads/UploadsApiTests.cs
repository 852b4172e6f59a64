using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CnnService.Web.Artifacts;
using CnnService.Web.Artifacts.Uploads;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Features.Uploads;

/// <summary>Archives that arrive in pieces.</summary>
public sealed class UploadsApiTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    [Fact]
    public async Task Upload_InPieces_IsPreviewedAndImportedWithoutBeingSentAgain()
    {
        var archive = Archive();
        var id = await BeginAsync(archive.Length, "pets.zip");
        Assert.Equal(1000, await SendAsync(id, 0, archive[..1000]));
        var told = await service.GetJsonAsync($"uploads/{id}");
        Assert.Equal((1000, false), (told.GetProperty("offset").GetInt64(), told.GetProperty("isComplete").GetBoolean()));
        Assert.Equal("pets.zip", told.GetProperty("name").GetString());
        using var early = await ImportAsync(id, "pieces");
        await ProblemAssert.IsAsync(early, HttpStatusCode.Conflict, "upload.incomplete");
        Assert.Equal(archive.Length, await SendAsync(id, 1000, archive[1000..]));

        foreach (var _ in Enumerable.Range(0, 2)) // The upload stays.
        {
            using var preview = await ImportAsync(id, "pieces", isDryRun: true);
            Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
            Assert.Equal(2, (await CnnServiceApplication.JsonAsync(preview)).GetProperty("classes").GetArrayLength());
        }

        using var imported = await ImportAsync(id, "pieces", key: "once");
        Assert.Equal(HttpStatusCode.Accepted, imported.StatusCode);
        using var repeated = await ImportAsync(id, "pieces", key: "once");
        Assert.Equal(HttpStatusCode.Accepted, repeated.StatusCode);
        var dataset = await Eventually.IsAsync(
            () => service.GetJsonAsync("datasets/pieces"), dataset => dataset.GetProperty("status").GetString() != "importing");
        Assert.Equal("ready", dataset.GetProperty("status").GetString());
        using var gone = await service.Client.GetAsync(CnnServiceApplication.Relative($"uploads/{id}"));
        await ProblemAssert.IsAsync(gone, HttpStatusCode.NotFound, "upload.not-found");
    }

    [Fact]
    public async Task Import_ThatIsRefused_LeavesTheUpload()
    {
        var archive = Archive();
        await SomeDataset.AddAsync(service.Services, "taken");
        var id = await BeginAsync(archive.Length);
        await SendAsync(id, 0, archive);

        using var refused = await ImportAsync(id, "taken");

        await ProblemAssert.IsAsync(refused, HttpStatusCode.Conflict, "dataset.exists");
        Assert.Equal(archive.Length, (await service.GetJsonAsync($"uploads/{id}")).GetProperty("offset").GetInt64());
        await DeleteAsync(id);
    }

    [Fact]
    public async Task Piece_ThatDoesNotBeginAtTheEnd_IsToldWhereItEnds()
    {
        var id = await BeginAsync(100);
        await SendAsync(id, 0, new byte[40]);
        foreach (var offset in new[] { 0, 39, 41, 1000 })
        {
            using var answer = await PatchAsync(id, offset, new byte[10]);
            var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.Conflict, "upload.offset");
            Assert.Equal(40, problem.GetProperty("offset").GetInt64());
        }

        await DeleteAsync(id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Piece_BeyondTheSize_IsRefusedAndLeavesWhatWasThere(bool saysItsLength)
    {
        var id = await BeginAsync(100);
        await SendAsync(id, 0, new byte[40]);
        using var answer = await PatchAsync(id, 40, new byte[61], saysItsLength);

        await ProblemAssert.IsAsync(answer, HttpStatusCode.RequestEntityTooLarge, "upload.too-long");
        Assert.Equal(40, (await service.GetJsonAsync($"uploads/{id}")).GetProperty("offset").GetInt64());
        await DeleteAsync(id);
    }

    [Fact]
    public async Task Piece_WithoutItsTypeOrOffset_IsRefused()
    {
        var id = await BeginAsync(100);
        using var plain = new ByteArrayContent([1]);
        using var untyped = await service.Client.PatchAsync(CnnServiceApplication.Relative($"uploads/{id}"), plain);
        await ProblemAssert.IsAsync(untyped, HttpStatusCode.UnsupportedMediaType);
        plain.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var nowhere = await service.Client.PatchAsync(CnnServiceApplication.Relative($"uploads/{id}"), plain);
        await ProblemAssert.IsAsync(nowhere, HttpStatusCode.BadRequest, "request.invalid");
        await DeleteAsync(id);
    }

    [Theory]
    [InlineData("""{"size":0}""", "size")]
    [InlineData("""{"size":-5}""", "size")]
    [InlineData("""{"size":99999999999999}""", "size")]
    [InlineData("""{"name":"a"}""", "size")]
    [InlineData("""{"size":5,"name":"a\u0007"}""", "name")]
    public async Task Begin_OfAnUnsoundUpload_NamesTheField(string body, string field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("uploads"), content);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task Begin_AsClientsOfTusDo_IsTakenFromTheHeaders()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative("uploads"));
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", "12");
        request.Headers.Add("Upload-Metadata", $"filetype YQ==,filename {Convert.ToBase64String("pets.zip"u8)}");
        using var begun = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Created, begun.StatusCode);
        var id = begun.Headers.Location!.OriginalString.Split('/')[^1];
        using var head = new HttpRequestMessage(HttpMethod.Head, CnnServiceApplication.Relative($"uploads/{id}"));
        using var told = await service.Client.SendAsync(head);
        Assert.Equal(("0", "12"), (told.Headers.GetValues("Upload-Offset").Single(), told.Headers.GetValues("Upload-Length").Single()));
        Assert.Equal("pets.zip", (await service.GetJsonAsync($"uploads/{id}")).GetProperty("name").GetString());
        await DeleteAsync(id);
    }

    [Theory]
    [InlineData("../../service.lock")]
    [InlineData("00000000000000000000000000000000")]
    public async Task AnUnknownUpload_Is404(string id)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative($"uploads/{Uri.EscapeDataString(id)}"));
        await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "upload.not-found");
        using var import = await ImportAsync(id, "nowhere");
        await ProblemAssert.IsAsync(import, HttpStatusCode.NotFound, "upload.not-found");
    }

    [Fact]
    public async Task Store_WhoseProcessIsAnother_GoesOnWhereItEnded()
    {
        using var folder = new TemporaryFolder();
        var id = Store(folder.Path, new FakeTimeProvider()).Create("a.zip", 10).Value.Id;
        await using (var piece = new BreakingStream(4))
        {
            await Assert.ThrowsAsync<IOException>(() => Store(folder.Path, new FakeTimeProvider()).AppendAsync(
                id, 0, null, piece, TestContext.Current.CancellationToken));
        }

        var again = Store(folder.Path, new FakeTimeProvider());

        Assert.Equal(4, again.Find(id).Value.Offset);
        using var rest = new MemoryStream(new byte[6]);
        Assert.True((await again.AppendAsync(id, 4, 6, rest, TestContext.Current.CancellationToken)).Value.IsComplete);
    }

    [Fact]
    public async Task Store_OfAbandonedUploads_DeletesThemAfterTheirTime()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeTimeProvider();
        var store = Store(folder.Path, clock, most: 2);
        var (left, goneOnWith) = (store.Create(null, 10).Value.Id, store.Create(null, 10).Value.Id);
        Assert.Equal("upload.too-many", store.Create(null, 10).Problem?.Code);
        clock.Advance(TimeSpan.FromHours(23));
        using var piece = new MemoryStream(new byte[1]);
        await store.AppendAsync(goneOnWith, 0, 1, piece, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromHours(2));

        store.Sweep();

        Assert.Equal("upload.not-found", store.Find(left).Problem?.Code);
        Assert.Equal(1, store.Find(goneOnWith).Value.Offset);
    }

    [Fact]
    public async Task Store_OfAnUploadInUse_RefusesTheSecondAndDoesNotSweepIt()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeTimeProvider();
        var store = Store(folder.Path, clock);
        var id = store.Create(null, 1).Value.Id;
        using var piece = new MemoryStream(new byte[1]);
        await store.AppendAsync(id, 0, 1, piece, TestContext.Current.CancellationToken);

        var read = await store.ReadAsync(id, async path =>
        {
            clock.Advance(TimeSpan.FromDays(2));
            store.Sweep();
            Assert.True(File.Exists(path));
            return await store.DeleteAsync(id, TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);

        Assert.Equal("upload.in-use", read.Problem?.Code);
    }

    private static UploadStore Store(string folder, TimeProvider clock, int most = 10)
    {
        var folders = new DataFolders(folder);
        folders.Create();
        return new(folders, Options.Create(new UploadOptions { MaxOpen = most }), clock);
    }

    private static byte[] Archive()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (byte i = 0; i < 10; i++)
            {
                using (var red = zip.CreateEntry($"red/{i}.png").Open())
                {
                    red.Write(RedOrBlue.Image((byte)(200 + i), i, 0, side: 24));
                }

                using var blue = zip.CreateEntry($"blue/{i}.png").Open();
                blue.Write(RedOrBlue.Image(0, i, (byte)(200 + i), side: 24));
            }
        }

        return memory.ToArray();
    }

    private async Task<string> BeginAsync(long size, string? name = null)
    {
        using var content = new StringContent(
            JsonSerializer.Serialize(new Dictionary<string, object?> { ["size"] = size, ["name"] = name }), Encoding.UTF8,
            "application/json");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("uploads"), content);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await CnnServiceApplication.JsonAsync(answer)).GetProperty("id").GetString()!;
    }

    /// <summary>Sends a piece; the offset that the service then has.</summary>
    private async Task<long> SendAsync(string id, long offset, byte[] piece)
    {
        using var answer = await PatchAsync(id, offset, piece);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return long.Parse(answer.Headers.GetValues("Upload-Offset").Single());
    }

    private async Task<HttpResponseMessage> PatchAsync(string id, long offset, byte[] piece, bool saysItsLength = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, CnnServiceApplication.Relative($"uploads/{id}"));
        request.Content = new ByteArrayContent(piece);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Headers.Add("Upload-Offset", offset.ToString());
        request.Headers.TransferEncodingChunked = saysItsLength ? null : true;
        return await service.Client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> ImportAsync(string upload, string name, bool isDryRun = false, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative("datasets"));
        request.Content = new StringContent(
            JsonSerializer.Serialize(new { name, upload, dryRun = isDryRun }), Encoding.UTF8, "application/json");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await service.Client.SendAsync(request);
    }

    private async Task DeleteAsync(string id)
    {
        using var deleted = await service.Client.DeleteAsync(CnnServiceApplication.Relative($"uploads/{id}"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    /// <summary>Breaks off after some bytes, as a connection does.</summary>
    private sealed class BreakingStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The connection is gone.");
    }
}
