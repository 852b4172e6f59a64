using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>
/// One layer of a network, as data: a record per layer type. Names are unique in a network. A layer takes the output of the one before
/// it unless <see cref="Inputs"/> names others. Values are checked by <see cref="NetworkSpecValidator"/>, not by the constructor.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Conv2dLayer), "conv2d")]
[JsonDerivedType(typeof(MaxPooling2dLayer), "maxPooling2d")]
[JsonDerivedType(typeof(AveragePooling2dLayer), "averagePooling2d")]
[JsonDerivedType(typeof(GlobalAveragePooling2dLayer), "globalAveragePooling2d")]
[JsonDerivedType(typeof(GlobalMaxPooling2dLayer), "globalMaxPooling2d")]
[JsonDerivedType(typeof(Padding2dLayer), "padding2d")]
[JsonDerivedType(typeof(BatchNormalizationLayer), "batchNormalization")]
[JsonDerivedType(typeof(LayerNormalizationLayer), "layerNormalization")]
[JsonDerivedType(typeof(LocalResponseNormalizationLayer), "localResponseNormalization")]
[JsonDerivedType(typeof(ActivationLayer), "activation")]
[JsonDerivedType(typeof(PReluLayer), "prelu")]
[JsonDerivedType(typeof(DropoutLayer), "dropout")]
[JsonDerivedType(typeof(FlattenLayer), "flatten")]
[JsonDerivedType(typeof(DenseLayer), "dense")]
[JsonDerivedType(typeof(AddLayer), "add")]
[JsonDerivedType(typeof(MultiplyLayer), "multiply")]
[JsonDerivedType(typeof(ConcatenateLayer), "concatenate")]
[JsonDerivedType(typeof(SelectChannelsLayer), "selectChannels")]
[JsonDerivedType(typeof(OnnxGraphLayer), "onnxGraph")]
public abstract record LayerSpec
{
    /// <summary>Unique; a missing one is generated (<c>flatten_1</c>).</summary>
    [JsonPropertyOrder(-2)]
    public string? Name { get; init; }

    /// <summary>Names of the layers whose outputs this one takes; null: the layer before it. <c>input</c> is the image.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonRule("must be a list of layer names")]
    public IReadOnlyList<string>? Inputs { get; init; }
}

/// <summary>A layer with a built-in activation function.</summary>
public abstract record ActivatedLayer : LayerSpec
{
    /// <summary>Applied to the layer's output; default linear: none.</summary>
    [JsonPropertyOrder(1)]
    public ActivationKind Activation { get; init; } = ActivationKind.Linear;
}

/// <summary>2-D convolution (cross-correlation). Weights <c>[filters, channels/groups, kh, kw]</c>.</summary>
public sealed record Conv2dLayer : ActivatedLayer, IKernelLayer
{
    /// <summary>Number of output feature maps; required.</summary>
    public int Filters { get; init; }

    /// <summary>Kernel height and width; default 3x3.</summary>
    public Size2 KernelSize { get; init; } = new(3, 3);

    /// <summary>Step of the kernel between neighbouring outputs, in cells; default 1.</summary>
    public Size2 Strides { get; init; } = new(1, 1);

    /// <summary>Default valid: no padding.</summary>
    public Padding2 Padding { get; init; } = Padding2.Valid;

    /// <summary>Content of the padding; default zeros.</summary>
    public PaddingMode PaddingMode { get; init; } = PaddingMode.Zeros;

    /// <summary>Distance between neighbouring kernel weights, in cells; default 1.</summary>
    public Size2 Dilation { get; init; } = new(1, 1);

    /// <summary>Number of groups the input channels are split into, each with its own filters; default 1.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Default true.</summary>
    public bool UseBias { get; init; } = true;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public InitializerKind KernelInitializer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double L2 { get; init; }
}

/// <summary>A window that slides over each channel separately.</summary>
public abstract record PoolingLayer : LayerSpec
{
    /// <summary>Window height and width; default 2x2.</summary>
    public Size2 PoolSize { get; init; } = new(2, 2);

    /// <summary>Step of the window, in cells; null: the pool size.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Size2? Strides { get; init; }

    /// <summary>Default valid: no padding.</summary>
    public Padding2 Padding { get; init; } = Padding2.Valid;

    /// <summary>Keeps a last window that reaches beyond the map, if it starts on it or in its top or left padding.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CeilMode { get; init; }

    /// <summary>The effective strides: <see cref="Strides"/>, or the pool size.</summary>
    [JsonIgnore]
    public Size2 EffectiveStrides => Strides ?? PoolSize;

    /// <summary>Explicit padding for a feature map of this size, including what <see cref="CeilMode"/> adds.</summary>
    public Padding2 ResolvePadding(Size2 map)
    {
        var padding = Padding.Resolve(map, PoolSize, EffectiveStrides, new(1, 1));
        return CeilMode ? padding.ExtendForCeilMode(map, PoolSize, EffectiveStrides) : padding;
    }
}

/// <summary>Reduces each feature map to one value.</summary>
public abstract record GlobalPoolingLayer : LayerSpec
{
    /// <summary>Output <c>[C,1,1]</c> instead of <c>[C]</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KeepDimensions { get; init; }
}

/// <summary>Maximum of each window; padding is never the maximum.</summary>
public sealed record MaxPooling2dLayer : PoolingLayer;

/// <summary>Mean of each window; padding is not counted unless <c>countIncludePad</c> is set.</summary>
public sealed record AveragePooling2dLayer : PoolingLayer
{
    /// <summary>Counts padding as zeros in the mean; what <c>ceilMode</c> adds is never counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CountIncludePad { get; init; }
}

/// <summary>Mean of each feature map: <c>[C,H,W]</c> to <c>[C]</c>.</summary>
public sealed record GlobalAveragePooling2dLayer : GlobalPoolingLayer;

/// <summary>Maximum of each feature map: <c>[C,H,W]</c> to <c>[C]</c>.</summary>
public sealed record GlobalMaxPooling2dLayer : GlobalPoolingLayer;

/// <summary>Pads the feature map, as a layer of its own.</summary>
public sealed record Padding2dLayer : LayerSpec
{
    /// <summary>Explicit cells on each side, not "same"; default 1.</summary>
    public Padding2 Padding { get; init; } = Padding2.Explicit(1, 1, 1, 1);

    /// <summary>Content of the padding; default zeros.</summary>
    public PaddingMode PaddingMode { get; init; } = PaddingMode.Zeros;
}

/// <summary>Batch normalization over channels: parameters weight and bias, statistics runningMean and runningVariance.</summary>
public sealed record BatchNormalizationLayer : ActivatedLayer
{
    /// <summary>Weight of the current batch in the running statistics, 0 to 1 (PyTorch's convention; Keras's 0.9 is 0.1 here).</summary>
    public double Momentum { get; init; } = 0.1;

    /// <summary>Added to the variance for numerical stability; default 1e-5.</summary>
    public double Epsilon { get; init; } = 1e-5;
}

/// <summary>Normalization by an image's own mean and variance: of the channels at each place. Weight and bias one a channel.</summary>
public sealed record LayerNormalizationLayer : LayerSpec
{
    /// <summary>Instead of so many groups of channels over all places; 1: of the whole map.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Groups { get; init; }

    /// <summary>With one group: weight and bias <c>[C,H,W]</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Elementwise { get; init; }

    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Shape of the weight and of the bias for an input of this shape.</summary>
    public IReadOnlyList<int> ParameterShape(TensorShape input) =>
        Elementwise && input.IsMap ? [input.Channels, input.Height, input.Width] : [input.Channels];
}

/// <summary>
/// Normalization across channels (Krizhevsky et al., 2012):
/// <c>x / (bias + alpha/size * sum of x² over size channels)^beta</c>.
/// </summary>
public sealed record LocalResponseNormalizationLayer : LayerSpec
{
    /// <summary>Number of channels in the window, centred on the value's own channel; odd.</summary>
    public int Size { get; init; } = 5;

    public double Alpha { get; init; } = 1e-4;

    public double Beta { get; init; } = 0.75;

    public double Bias { get; init; } = 1;
}

/// <summary>
/// An activation function. <c>slope</c> is for leakyRelu, elu and hardSigmoid, <c>offset</c> for hardSigmoid, <c>minimum</c> and
/// <c>maximum</c> for clip.
/// </summary>
public sealed record ActivationLayer : LayerSpec
{
    /// <summary>Default relu.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Relu;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Slope { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Offset { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Minimum { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Maximum { get; init; }
}

/// <summary>Parametric ReLU: a trained slope below zero per channel (He et al., 2015); parameter weight <c>[C]</c>.</summary>
public sealed record PReluLayer : LayerSpec;

/// <summary>Zeroes a random share of the values while training and scales the rest by 1/(1-rate); the identity otherwise.</summary>
public sealed record DropoutLayer : LayerSpec
{
    /// <summary>Probability that a value is zeroed, in [0, 1); default 0.5.</summary>
    public double Rate { get; init; } = 0.5;
}

/// <summary><c>[C,H,W]</c> to <c>[C*H*W]</c>, channels first (as PyTorch and ONNX do, not as Keras does).</summary>
public sealed record FlattenLayer : LayerSpec;

/// <summary>Fully connected layer; weights <c>[units, inputs]</c>.</summary>
public sealed record DenseLayer : ActivatedLayer, IKernelLayer
{
    /// <summary>
    /// Number of outputs. Absent it follows the data set's classes, as the word <c>"classes"</c> does: one sigmoid output for two, one
    /// softmax output per class for more; for two softmax outputs write 2.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Units Units { get; init; } = Units.Classes;

    /// <summary>Default true.</summary>
    public bool UseBias { get; init; } = true;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public InitializerKind KernelInitializer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double L2 { get; init; }
}

/// <summary>
/// Element-wise sum of its inputs, of one shape; beside a map, one value a channel (<c>[C]</c>, <c>[C,1,1]</c>) or a place
/// (<c>[1,H,W]</c>).
/// </summary>
public sealed record AddLayer : ActivatedLayer;

/// <summary>Element-wise product of its inputs, with shapes as for <c>add</c>.</summary>
public sealed record MultiplyLayer : ActivatedLayer;

/// <summary>Concatenates its inputs along the channels.</summary>
public sealed record ConcatenateLayer : LayerSpec;

/// <summary>Channels in another order, some of them, or some again.</summary>
public sealed record SelectChannelsLayer : LayerSpec
{
    /// <summary>From 0.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [];
}
