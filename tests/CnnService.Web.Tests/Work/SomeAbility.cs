using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Work;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Tests.Work;

/// <summary>What a worker of a test has.</summary>
internal static class SomeAbility
{
    /// <param name="folders">Its data directory.</param>
    /// <param name="labels">As settings give them.</param>
    /// <param name="devices">Of its tensor library; null: it has none.</param>
    public static WorkerAbility Of(DataFolders folders, string[]? labels = null, string? devices = "cpu") => new(
        Options.Create(new WorkerOptions { Labels = labels ?? [] }), new Torch(devices), folders);

    private sealed class Torch(string? devices) : ITorchRuntime
    {
        public Outcome<TorchRuntimeInfo> Status => devices is null
            ? new Problem(ProblemKind.Unavailable, "torch.unavailable", "The tensor library cannot be loaded: it is not there.")
            : new TorchRuntimeInfo("2.10.0", "/none", devices.Split(','), 2, false);
    }
}
