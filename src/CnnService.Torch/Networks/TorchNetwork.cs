using CnnService.Core.Architecture;
using CnnService.Core.Models;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// Carries out a network with libtorch, layer by layer. Thread safe while its tensors are not changed. Owns its tensors;
/// what it returns belongs to the caller's dispose scope.
/// </summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly ScalarType _trainingType;
    private IReadOnlySet<string> _frozen = new HashSet<string>();
    private ExecutionOrder _toLogits;

    /// <param name="network">What to carry out.</param>
    /// <param name="weights">Copied. <see cref="InitialWeights"/> makes fresh ones.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="type">
    /// Float32 or float64: of everything. Bfloat16: of the arithmetic while training; parameters, statistics and evaluation stay float32.
    /// </param>
    internal TorchNetwork(ResolvedNetwork network, NamedWeights weights, Device device, ScalarType type)
    {
        (Network, _toLogits) = (network, ExecutionOrder.To(network, network.Output));
        Device = device;
        Tensors = new(network, weights, device, type == ScalarType.Float64 ? type : ScalarType.Float32);
        _trainingType = type;
    }

    internal ResolvedNetwork Network { get; }

    internal Device Device { get; }

    /// <summary>Parameters and running statistics by name.</summary>
    internal NetworkTensors Tensors { get; }

    /// <summary>These layers are not trained: their normalizations keep their statistics, whatever the mode.</summary>
    internal void Freeze(IReadOnlySet<string> layers)
    {
        _frozen = layers;
        Tensors.Freeze(layers);
    }

    /// <summary>From now on <see cref="Forward"/> takes the value of this layer instead of pictures.</summary>
    internal void EnterAt(string layer) => _toLogits = ExecutionOrder.To(Network, Network.Output, layer);

    /// <summary>The logits <c>[N,K]</c>, in the parameters' type: a closing sigmoid or softmax is left out.</summary>
    /// <param name="x">Preprocessed pictures <c>[N,C,H,W]</c>.</param>
    /// <param name="mode">What dropout and batch normalization do.</param>
    internal Tensor Forward(Tensor x, ForwardMode mode)
    {
        using var logits = Run(x, _toLogits, TapPoint.Activation, mode);
        return logits.to_type(Tensors.Type, copy: true);
    }

    /// <summary>A layer's value, dropout and batch normalization in evaluation; layers it does not depend on are not run.</summary>
    /// <param name="x">Preprocessed pictures; of another size than the network's only up to layers that allow it.</param>
    /// <param name="order">To the layer, from the picture.</param>
    /// <param name="tap">Before or after its activation function; the last layer's sigmoid or softmax is left out.</param>
    /// <param name="channel">This one alone, at the cost of one where the layer's kind allows; null: all.</param>
    /// <param name="leak">Activation functions that let a part of what is below zero through, and its gradient; null: all are as they are.</param>
    internal Tensor ForwardTo(Tensor x, ExecutionOrder order, TapPoint tap, int? channel = null, Leak? leak = null) =>
        Run(x, order, tap, ForwardMode.Evaluation, channel, leak);

    public void Dispose() => Tensors.Dispose();

    private Tensor Run(Tensor input, ExecutionOrder order, TapPoint tap, ForwardMode mode, int? channel = null, Leak? leak = null)
    {
        using var scope = NewDisposeScope();
        var type = mode == ForwardMode.Training ? _trainingType : Tensors.Type;
        var values = new ActivationStore(order);
        var typed = input.to_type(type);
        values.Add(order.Start, typed.dim() == 4 ? ChannelsLast.Of(typed) : typed.alias());
        foreach (var layer in order.Layers)
        {
            var isLast = ReferenceEquals(layer, order.End);
            var alone = isLast && layer.Spec is (DenseLayer or Conv2dLayer { Groups: 1 }) ? channel : null;
            var value = LayerMath.Apply(layer, values.Of(layer), new(Tensors, layer.Name, type, alone), _frozen.Contains(layer.Name) ? ForwardMode.Evaluation : mode);
            if (!isLast || tap == TapPoint.Activation)
            {
                using var preactivation = value;
                value = leak?.Layers.Contains(layer.Name) == true
                    ? preactivation.leaky_relu(Scalars.Of(leak.Slope))
                    : Activations.Apply(Network.FunctionOf(layer), preactivation, mayOverwrite: layer.Spec is ActivatedLayer);
            }

            values.Release(layer);
            values.Add(layer.Name, value);
        }

        var last = values.Take(order.End.Name);
        return (channel is { } one && last.shape[1] > 1 ? last.narrow(1, one, 1) : last).MoveToOuterDisposeScope();
    }
}

/// <summary>Rectifiers that are not tight.</summary>
/// <param name="Layers">Those of these layers.</param>
/// <param name="Slope">Below zero.</param>
internal sealed record Leak(IReadOnlySet<string> Layers, double Slope);
