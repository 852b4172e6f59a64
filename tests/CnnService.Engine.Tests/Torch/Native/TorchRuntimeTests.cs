using CnnService.Torch.Native;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace CnnService.Engine.Tests.Torch.Native;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void Status_OnThisHost_ComputesAndNamesTheProcessor()
    {
        var status = new TorchRuntime(Options.Create(new TorchOptions())).Status;
        Assert.True(status.Succeeded, status.Problem?.Detail);
        Assert.StartsWith("2.10", status.Value.Version, StringComparison.Ordinal);
        Assert.Equal("cpu", status.Value.Devices[0]);
        using var sum = torch.ones(2, 3).sum();
        Assert.Equal(6, sum.item<float>());
    }
}
