using System.Net;
using System.Net.Http.Headers;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CnnService.Web.Tests.Features.Models;

/// <summary>A version whose file has rotted: it is told of before anybody asks for it, and the others are served.</summary>
public sealed class CorruptModelTests : IAsyncLifetime
{
    private readonly CnnServiceApplication _service = new(
        new() { ["Disk:MinFreeBytes"] = "0" }, services => services.AddSingleton<ITorchRuntime>(new SomeRuntime()));

    public async ValueTask InitializeAsync()
    {
        await RedOrBlue.PublishAsync(_service, "sound");
        await RedOrBlue.PublishAsync(_service, "rotten");
        await RedOrBlue.PublishAsync(_service, "rotten");
        var path = Path.Combine(_service.DataDirectory, "models", "rotten", "1", "model.onnx");
        var content = await File.ReadAllBytesAsync(path);
        content[content.Length / 2] ^= 1; // The length stays.
        await File.WriteAllBytesAsync(path, content);
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task RottenVersion_VerifiedInTheBackground_IsToldByReadinessAndList_AndOthersAreServed()
    {
        var verification = _service.Services.GetServices<IHostedService>().OfType<ModelVerification>().Single();

        await verification.VerifyAsync(CancellationToken.None);

        await IsToldAsync();
    }

    [Fact]
    public async Task RottenVersion_FoundByARequest_IsTold_UntilItsFileIsMended()
    {
        var path = Path.Combine(_service.DataDirectory, "models", "rotten", "1", "model.onnx");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ClassifyAsync("rotten:1"));

        await IsToldAsync();
        var content = await File.ReadAllBytesAsync(path);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, content);
        Assert.Equal(HttpStatusCode.OK, await ClassifyAsync("rotten:1"));
        Assert.Equal("ready", (await _service.GetJsonAsync("health/ready")).GetProperty("status").GetString());
    }

    private async Task IsToldAsync()
    {
        var readiness = await _service.GetJsonAsync("health/ready");
        Assert.Equal("degraded", readiness.GetProperty("status").GetString());
        var check = Assert.Single(
            readiness.GetProperty("checks").EnumerateArray(), check => check.GetProperty("name").GetString() == "models");
        Assert.False(check.GetProperty("ok").GetBoolean());
        Assert.Contains("rotten:1: ", check.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var models = (await _service.GetJsonAsync("models")).GetProperty("items").EnumerateArray()
            .ToDictionary(model => model.GetProperty("name").GetString()!);
        Assert.Empty(models["sound"].GetProperty("corrupt").EnumerateArray());
        var corrupt = Assert.Single(models["rotten"].GetProperty("corrupt").EnumerateArray());
        Assert.Equal((1, "model.corrupt"),
            (corrupt.GetProperty("version").GetInt32(), corrupt.GetProperty("failure").GetProperty("code").GetString()));
        Assert.Equal(2, Assert.Single(models["rotten"].GetProperty("versions").EnumerateArray()).GetProperty("version").GetInt32());
        Assert.Equal(HttpStatusCode.OK, await ClassifyAsync("sound:1"));
        Assert.Equal(HttpStatusCode.OK, await ClassifyAsync("rotten:2"));
    }

    private async Task<HttpStatusCode> ClassifyAsync(string model)
    {
        using var image = new ByteArrayContent(RedOrBlue.Image(200, 0, 50))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("image/png") },
        };
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative($"classify?model={model}"), image);
        return answer.StatusCode;
    }

    private sealed class SomeRuntime : ITorchRuntime
    {
        public Outcome<TorchRuntimeInfo> Status => new TorchRuntimeInfo("2.10", "lib", ["cpu"], 2, false);
    }
}
