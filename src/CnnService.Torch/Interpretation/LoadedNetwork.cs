using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>A model's network on the device, in evaluation, with parameters that ask for no gradients. Thread safe.</summary>
internal sealed class LoadedNetwork : IDisposable
{
    private readonly TorchNetwork _network;
    private readonly TensorPreprocessing _preprocessing;

    private LoadedNetwork(TorchNetwork network, TensorPreprocessing preprocessing) =>
        (_network, _preprocessing) = (network, preprocessing);

    internal Device Device => _network.Device;

    /// <exception cref="InvalidDataException">The package's weights are not readable.</exception>
    internal static LoadedNetwork Load(LoadedModel model)
    {
        var weights = SafetensorsFile.Read(model.WeightsPath)
            .Match(content => content.Weights, problem => throw new InvalidDataException($"{model.WeightsPath}: {problem.Detail}"));
        var network = new TorchNetwork(model.Network, weights, CPU, ScalarType.Float32);
        return new(network, new TensorPreprocessing(model.Manifest.Preprocessing, CPU));
    }

    /// <summary>A filter's map before the layer's activation function, <c>[N,1,H,W]</c> or <c>[N,1]</c>; of all filters where none is
    /// named.</summary>
    /// <param name="images"><c>[N,C,H,W]</c>, RGB, 0–1. Gradients pass through.</param>
    /// <param name="order">To the layer.</param>
    /// <param name="filter">Which of its channels.</param>
    /// <param name="leak">Rectifiers before it that let gradients through.</param>
    internal Tensor Preactivation(Tensor images, ExecutionOrder order, int? filter, ReluLeak? leak = null)
    {
        using var x = _preprocessing.FromUnit(images);
        return _network.ForwardTo(x, order, TapPoint.Preactivation, filter, leak);
    }

    /// <summary>A layer's value after its activation function, for images as they are served.</summary>
    /// <param name="bytes">uint8 <c>[N,H,W,C]</c>, RGB.</param>
    /// <param name="order">To the layer.</param>
    /// <param name="tap">After its activation function, or before it.</param>
    internal Tensor Activation(Tensor bytes, ExecutionOrder order, TapPoint tap = TapPoint.Activation)
    {
        using var still = inference_mode();
        using var x = _preprocessing.FromBytes(bytes);
        return _network.ForwardTo(x, order, tap);
    }

    public void Dispose()
    {
        _network.Dispose();
        _preprocessing.Dispose();
    }
}
