using System.Net;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Datasets;

public sealed class HealthAfterChangesTests : IAsyncLifetime
{
    private const string Health = "datasets/leaky/health?wait=300";

    private readonly LeakyDataset _leaky = new();
    private readonly CnnServiceApplication _service;

    public HealthAfterChangesTests() => _service = _leaky.Service;

    public ValueTask InitializeAsync() => _leaky.InitializeAsync();

    public ValueTask DisposeAsync() => _leaky.DisposeAsync();

    [Fact]
    public async Task Health_AfterAnAddition_IsMadeAnew()
    {
        var before = await _service.GetJsonAsync(Health);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("train"), "split" }, { new StringContent("red"), "class" },
            { new ByteArrayContent(RedOrBlue.Image(250, 0, 0)), "files", "again.png" },
        };
        using var added = await _service.Client.PostAsync(CnnServiceApplication.Relative("datasets/leaky/images"), form);
        Assert.Equal(HttpStatusCode.OK, added.StatusCode);

        var after = await _service.GetJsonAsync(Health);

        Assert.Equal((8, 9), (Number(before, "images"), Number(after, "images")));
        Assert.Equal((2, 3),
            (Number(before.GetProperty("duplicates"), "exactImages"), Number(after.GetProperty("duplicates"), "exactImages")));
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
