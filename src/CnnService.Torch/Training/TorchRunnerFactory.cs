using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Torch.Native;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <inheritdoc cref="INetworkRunnerFactory"/>
internal sealed class TorchRunnerFactory(TorchRuntime runtime) : INetworkRunnerFactory
{
    public INetworkRunner Load(ResolvedNetwork network, NamedWeights weights, Preprocessing preprocessing)
    {
        runtime.Require();
        return new TorchRunner(new(network, weights, CPU, ScalarType.Float32), preprocessing);
    }
}
