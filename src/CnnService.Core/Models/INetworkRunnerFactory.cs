using CnnService.Core.Architecture;

namespace CnnService.Core.Models;

/// <summary>Runs networks in the engine that trains them, in float32, for parity checks and evaluation. Thread safe.</summary>
public interface INetworkRunnerFactory
{
    /// <summary>A runner of these weights; the caller owns it.</summary>
    /// <param name="network">Its layers.</param>
    /// <param name="weights">All that the layers need.</param>
    /// <param name="preprocessing">From bytes to what the network takes.</param>
    INetworkRunner Load(ResolvedNetwork network, NamedWeights weights, Preprocessing preprocessing);
}
