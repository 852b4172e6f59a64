using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// A model's network on its device, in evaluation mode, its parameters without gradients. Owns native memory. Thread safe.
/// </summary>
internal sealed class LoadedNetwork : IDisposable
{
    private readonly TorchNetwork _network;
    private readonly TensorPreprocessing _preprocessing;

    private LoadedNetwork(TorchNetwork network, TensorPreprocessing preprocessing) =>
        (_network, _preprocessing) = (network, preprocessing);

    internal Device Device => _network.Device;

    /// <summary>The network with the weights of its package. Problem codes: those of <see cref="LoadedModel.ReadWeights"/>.</summary>
    /// <param name="model">The package.</param>
    /// <param name="device">The device of the weights and of the computation.</param>
    internal static Outcome<LoadedNetwork> Load(LoadedModel model, Device device) =>
        model.ReadWeights().Map(weights => new LoadedNetwork(
            new TorchNetwork(model.Network, weights, device, ScalarType.Float32),
            new TensorPreprocessing(model.Manifest.Preprocessing, device)));

    /// <summary>
    /// A filter's map before the layer's activation function, <c>[N,1,H,W]</c> or <c>[N,1]</c>; with all channels if no filter is given.
    /// </summary>
    /// <param name="images"><c>[N,C,H,W]</c>, RGB, 0–1. Gradients pass through.</param>
    /// <param name="order">The layers to execute.</param>
    /// <param name="filter">Channel index in the last layer; null for all.</param>
    /// <param name="leak">ReLUs on the way that let negative gradients through; null for none.</param>
    internal Tensor Preactivation(Tensor images, ExecutionOrder order, int? filter, ReluLeak? leak = null)
    {
        using var x = _preprocessing.FromUnit(images);
        return _network.ForwardTo(x, order, TapPoint.Preactivation, filter, leak);
    }

    /// <summary>A layer's output for 8-bit images, preprocessed as in serving; without gradient.</summary>
    /// <param name="bytes">uint8 <c>[N,H,W,C]</c>, RGB.</param>
    /// <param name="order">The layers to execute.</param>
    /// <param name="tap">Where in the last layer the value is taken: after its activation function, or before it.</param>
    internal Tensor Activation(Tensor bytes, ExecutionOrder order, TapPoint tap = TapPoint.Activation)
    {
        using var still = no_grad();
        using var x = _preprocessing.FromBytes(bytes);
        return _network.ForwardTo(x, order, tap);
    }

    public void Dispose()
    {
        _network.Dispose();
        _preprocessing.Dispose();
    }
}
