using System.Net;
using CnnService.Core.Common;
using CnnService.Core.Training;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>Patterns and class images that cannot be rendered: the answer says why, and that it is no fault of the request.</summary>
public class RefusedPatternTests
{
    private const string Pattern = "visualize/conv_1/0?model=colours&iterations=16&wait=300";
    private const string ClassImage = "visualize/classes/red?model=colours&iterations=16&wait=300";

    [Theory]
    [InlineData(Pattern)]
    [InlineData(ClassImage)]
    public async Task Get_HostWithoutTheTensorLibrary_Is503(string path)
    {
        await using var service = new CnnServiceApplication([], services => services.AddSingleton<ITorchRuntime>(new NoTorch()));
        await RedOrBlue.PublishAsync(service, "colours");

        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative(path));

        await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable, "torch.unavailable");
    }

    [Theory]
    [InlineData(Pattern)]
    [InlineData("visualize/conv_1/0/kernels?model=colours")]
    public async Task Get_WeightsTornAfterTheyWereLoaded_Is503(string path)
    {
        await using var service = new CnnServiceApplication();
        await RedOrBlue.PublishAsync(service, "colours");
        using var listed = await service.Client.GetAsync(CnnServiceApplication.Relative("visualize?model=colours"));
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        await File.WriteAllBytesAsync(Path.Combine(service.DataDirectory, "models", "colours", "1", "weights.safetensors"), [1, 2, 3]);

        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative(path));

        await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable, "model.corrupt");
    }

    private sealed class NoTorch : ITorchRuntime
    {
        public Outcome<TorchRuntimeInfo> Status => new Problem(ProblemKind.Unavailable, "torch.unavailable", "None here.");
    }
}
