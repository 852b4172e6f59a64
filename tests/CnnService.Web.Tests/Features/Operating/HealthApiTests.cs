using System.Net;
using CnnService.Core.Common;
using CnnService.Core.Training;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Operating;

public class HealthApiTests
{
    [Fact]
    public async Task Live_NoKeyWhereKeysAreNeeded_Is200()
    {
        await using var service = new CnnServiceApplication(Keys.Settings());
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("health/live"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Ready_AllWell_Is200()
    {
        await using var service = new CnnServiceApplication(new() { ["Disk:MinFreeBytes"] = "0" },
            With(new TorchRuntimeInfo("2.10", "lib", ["cpu"], 2, false)));
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("health/ready"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ready_TensorLibraryDoesNotLoad_Is503AndSaysWhy()
    {
        await using var service = new CnnServiceApplication([],
            With(new Problem(ProblemKind.Unavailable, "torch.unavailable", "libtorch is of another version")));
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("health/ready"));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable);
        Assert.Contains("libtorch is of another version", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", HttpStatusCode.ServiceUnavailable)]
    [InlineData("true", HttpStatusCode.OK)]
    public async Task Ready_WithoutTheGpuThatWasAskedFor_IsSoOnlyWhereTheProcessorIsAllowed(string allowCpu, HttpStatusCode status)
    {
        await using var service = new CnnServiceApplication(
            new()
            {
                ["Disk:MinFreeBytes"] = "0",
                ["Serving:Device"] = "cuda",
                ["Serving:AllowCpu"] = allowCpu,
            }, With(new TorchRuntimeInfo("2.10", "lib", ["cpu"], 2, false)));
        foreach (var path in new[] { "health/ready", "v2/health/ready" })
        {
            using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative(path));
            Assert.True(status == answer.StatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public async Task Ready_OnTheProcessorForWantOfAGpu_SaysWhy()
    {
        await using var service = new CnnServiceApplication(
            new()
            {
                ["Disk:MinFreeBytes"] = "0",
                ["Serving:Device"] = "cuda",
                ["Serving:AllowCpu"] = "true",
            }, With(new TorchRuntimeInfo("2.10", "lib", ["cpu"], 2, false)));
        var text = await service.Client.GetStringAsync(CnnServiceApplication.Relative("health/ready"));
        Assert.Contains("models run on cpu; no GPU: this build is for the processor only.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.11.0", true, "of 81920 MiB: 60 % for training, 25 % for serving, 10 % for drawing")]
    [InlineData("2.10.0", false,
        "of 81920 MiB: 60 % for training, 25 % for serving, 10 % for drawing; this libtorch cannot be held to a share")]
    public async Task Ready_WithAGpu_TellsHowItsMemoryIsDivided(string version, bool canLimit, string told)
    {
        var info = new TorchRuntimeInfo(version, "lib", ["cpu", "cuda:0"], 2, false) { CanLimitGpuMemory = canLimit };
        await using var service = new CnnServiceApplication(new() { ["Disk:MinFreeBytes"] = "0" },
            services => With(info)(services.AddSingleton<IGpuMemory>(new EightyGibibytes())));
        var ready = await service.GetJsonAsync("health/ready");
        Assert.Equal(told, ready.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "gpu")
            .GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Ready_WithoutAGpu_SaysNothingOfOne()
    {
        await using var service = new CnnServiceApplication(new() { ["Disk:MinFreeBytes"] = "0" },
            With(new TorchRuntimeInfo("2.10", "lib", ["cpu"], 2, false)));
        var ready = await service.GetJsonAsync("health/ready");
        Assert.DoesNotContain("gpu", ready.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()));
    }

    private sealed class EightyGibibytes : IGpuMemory
    {
        public long TotalBytes(int index) => 80L << 30;
    }

    private static Action<IServiceCollection> With(Outcome<TorchRuntimeInfo> status) =>
        services => services.AddSingleton<ITorchRuntime>(new FixedRuntime(status));

    private sealed record FixedRuntime(Outcome<TorchRuntimeInfo> Status) : ITorchRuntime;
}
