using CnnService.Core.Training;

namespace CnnService.Web.Hosting.Health;

/// <summary>The tensor library loads on this machine.</summary>
internal sealed class TorchCheck(ITorchRuntime runtime) : IReadinessCheck
{
    public string Name => "torch";

    public Task<string?> FaultAsync(CancellationToken cancel) => Task.Run(() => runtime.Status.Problem?.Detail, cancel);
}
