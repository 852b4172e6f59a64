using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Data.Sqlite;

namespace CnnService.Web.Tests.Persistence;

/// <summary>A SQLite file that another program keeps locked, under a service with many callers.</summary>
public sealed class BusyDatabaseTests : IAsyncLifetime
{
    private readonly CnnServiceApplication _service = new(new() { ["Disk:MinFreeBytes"] = "0" }, WithoutWorker.Remove);

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task LockedFile_AnswersEveryWriteInSeconds_AndHoldsNobodyElseUp()
    {
        Assert.Equal(HttpStatusCode.OK, await ClassifyAsync());
        await using var other = new SqliteConnection($"Data Source={Path.Combine(_service.DataDirectory, "cnnservice.db")};Pooling=false");
        await other.OpenAsync();
        await using var blocking = other.BeginTransaction();
        var waited = Stopwatch.StartNew();
        var writes = Enumerable.Range(0, 40).Select(i => Task.Run(() => AddAsync($"a{i}"))).ToArray();

        var slowest = TimeSpan.Zero;
        while (waited.Elapsed < TimeSpan.FromSeconds(4))
        {
            var asked = Stopwatch.StartNew();
            Assert.Equal(HttpStatusCode.OK, await ClassifyAsync());
            using var listed = await _service.Client.GetAsync(CnnServiceApplication.Relative("models"));
            Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
            slowest = asked.Elapsed > slowest ? asked.Elapsed : slowest;
        }

        foreach (var answer in await Task.WhenAll(writes))
        {
            await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable, "store.busy");
            Assert.NotNull(answer.Headers.RetryAfter);
            answer.Dispose();
        }

        Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(9)); // Twice it would be ten.
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(3)); // On a thread each, the writers would leave none.
        await blocking.RollbackAsync();
        using var added = await AddAsync("b");
        Assert.Equal(HttpStatusCode.Accepted, added.StatusCode);
    }

    private async Task<HttpStatusCode> ClassifyAsync()
    {
        using var image = new ByteArrayContent(RedOrBlue.Image(200, 0, 50))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("image/png") },
        };
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=colours:1"), image);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> AddAsync(string name)
    {
        using var content = new StringContent($$"""{"name":"{{name}}","sample":"shapes"}""", Encoding.UTF8, "application/json");
        return await _service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), content);
    }
}
