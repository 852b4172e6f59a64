using CnnService.Core.Architecture;

namespace CnnService.Core.Models;

/// <summary>Creates runners in the training engine, in float32, for parity checks and evaluation. Thread safe.</summary>
public interface INetworkRunnerFactory
{
    /// <summary>A runner of a network; owned by the caller.</summary>
    /// <param name="network">The network to run.</param>
    /// <param name="weights">All weights it needs.</param>
    /// <param name="preprocessing">Applied to each image.</param>
    INetworkRunner Load(ResolvedNetwork network, NamedWeights weights, Preprocessing preprocessing);
}
