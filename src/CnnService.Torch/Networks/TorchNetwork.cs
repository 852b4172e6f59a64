using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// Executes a network with libtorch, layer by layer. Thread safe as long as its tensors are not modified. Owns its tensors; returned
/// tensors belong to the caller's dispose scope.
/// </summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly ScalarType _trainingType;
    private readonly DropoutMasks _masks;
    private IReadOnlySet<string> _frozen = new HashSet<string>();
    private ExecutionOrder _toLogits;

    /// <param name="network">The architecture.</param>
    /// <param name="weights">Copied to the device. <see cref="InitialWeights"/> creates fresh ones.</param>
    /// <param name="device">The device of the tensors and of the computation.</param>
    /// <param name="type">
    /// Float32 or float64: the type of everything. Bfloat16: the type of the computation during training only; parameters, statistics and
    /// evaluation stay float32.
    /// </param>
    internal TorchNetwork(ResolvedNetwork network, NamedWeights weights, Device device, ScalarType type)
    {
        (Network, _toLogits) = (network, ExecutionOrder.To(network, network.Output));
        Device = device;
        _masks = new(device);
        Tensors = new(network, weights, device, type == ScalarType.Float64 ? type : ScalarType.Float32);
        _trainingType = type;
    }

    internal ResolvedNetwork Network { get; }

    internal Device Device { get; }

    /// <summary>Parameters and running statistics by name.</summary>
    internal NetworkTensors Tensors { get; }

    /// <summary>Excludes layers from training. Their batch normalizations use the running statistics in either mode.</summary>
    internal void Freeze(IReadOnlySet<string> layers)
    {
        _frozen = layers;
        Tensors.Freeze(layers);
    }

    /// <summary>From now on <see cref="Forward"/> takes the activation of this layer instead of images.</summary>
    internal void StartAt(string layer) => _toLogits = ExecutionOrder.To(Network, Network.Output, layer);

    /// <summary>The logits <c>[N,K]</c>, in the parameters' type: a final sigmoid or softmax is not applied.</summary>
    /// <param name="x">Preprocessed images <c>[N,C,H,W]</c>, or the activation that <see cref="StartAt"/> asks for.</param>
    /// <param name="mode">How dropout and batch normalization behave.</param>
    /// <param name="dropoutKey">Determines what dropout drops, in training mode.</param>
    internal Tensor Forward(Tensor x, ForwardMode mode, ulong dropoutKey = 0)
    {
        using var logits = Run(x, _toLogits, TapPoint.Activation, mode, dropoutKey: dropoutKey);
        return logits.to_type(Tensors.Type, copy: true);
    }

    /// <summary>The value of a layer in evaluation mode; layers it does not depend on are not executed.</summary>
    /// <param name="x">
    /// Preprocessed images <c>[N,C,H,W]</c>; a size other than the network's is possible only up to layers that allow it.
    /// </param>
    /// <param name="order">The layers from the input to the wanted one.</param>
    /// <param name="tap">Before or after the layer's activation function; a final sigmoid or softmax is never applied.</param>
    /// <param name="channel">Index of the only channel to return, computed alone where the kind of layer allows; null: all.</param>
    /// <param name="leak">Activation functions to replace by leaky ones, so that gradients pass; null: none.</param>
    internal Tensor ForwardTo(Tensor x, ExecutionOrder order, TapPoint tap, int? channel = null, ReluLeak? leak = null) =>
        Run(x, order, tap, ForwardMode.Evaluation, channel, leak);

    /// <summary>
    /// The activation of a layer that only frozen layers and such without parameters lead to, in the parameters' type; computed in the
    /// arithmetic of training.
    /// </summary>
    /// <param name="x">Preprocessed images <c>[N,C,H,W]</c>.</param>
    /// <param name="order">The layers from the input to the wanted one.</param>
    internal Tensor ForwardFrozen(Tensor x, ExecutionOrder order)
    {
        using var value = Run(x, order, TapPoint.Activation, ForwardMode.Training);
        return value.to_type(Tensors.Type, copy: true);
    }

    public void Dispose()
    {
        Tensors.Dispose();
        _masks.Dispose();
    }

    private Tensor Run(
        Tensor input, ExecutionOrder order, TapPoint tap, ForwardMode mode, int? channel = null, ReluLeak? leak = null,
        ulong dropoutKey = 0)
    {
        using var scope = NewDisposeScope();
        var type = mode == ForwardMode.Training ? _trainingType : Tensors.Type;
        var values = new ActivationStore(order);
        var typed = input.to_type(type);
        values.Add(order.Start, typed.dim() == 4 ? ChannelsLast.Convert(typed) : typed.alias());
        foreach (var (index, layer) in order.Layers.Index())
        {
            var isLast = ReferenceEquals(layer, order.End);
            var alone = isLast && layer.Spec is (DenseLayer or Conv2dLayer { Groups: 1 }) ? channel : null;
            var value = LayerMath.Apply(layer, values.InputsOf(layer), new(Tensors, layer.Name, type, alone),
                _frozen.Contains(layer.Name) ? ForwardMode.Evaluation : mode,
                (x, rate) => _masks.Apply(x, rate, CounterRandom.Hash(dropoutKey, (ulong)index)));
            if (!isLast || tap == TapPoint.Activation)
            {
                using var preactivation = value;
                value = leak?.Layers.Contains(layer.Name) == true
                    ? preactivation.leaky_relu(OwnedScalars.Create(leak.Slope))
                    : Activations.Apply(Network.FunctionOf(layer), preactivation, mayOverwrite: layer.Spec is ActivatedLayer);
            }

            values.Release(layer);
            values.Add(layer.Name, value);
        }

        var last = values.Take(order.End.Name);
        return (channel is { } one && last.shape[1] > 1 ? last.narrow(1, one, 1) : last).MoveToOuterDisposeScope();
    }
}

/// <summary>Replaces activation functions of some layers by leaky ReLU.</summary>
/// <param name="Layers">Names of the layers.</param>
/// <param name="Slope">Slope below zero.</param>
internal sealed record ReluLeak(IReadOnlySet<string> Layers, double Slope);
