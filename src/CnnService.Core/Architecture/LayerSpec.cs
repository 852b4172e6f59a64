using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>
/// One layer of a network, as data. A record per kind; names are unique in a network. A layer takes the one before it
/// unless <see cref="Inputs"/> names others. Whether the values make sense is the validator's business, not the constructor's.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Conv2dLayer), "conv2d")]
[JsonDerivedType(typeof(MaxPooling2dLayer), "maxPooling2d")]
[JsonDerivedType(typeof(AveragePooling2dLayer), "averagePooling2d")]
[JsonDerivedType(typeof(GlobalAveragePooling2dLayer), "globalAveragePooling2d")]
[JsonDerivedType(typeof(GlobalMaxPooling2dLayer), "globalMaxPooling2d")]
[JsonDerivedType(typeof(Padding2dLayer), "padding2d")]
[JsonDerivedType(typeof(BatchNormalizationLayer), "batchNormalization")]
[JsonDerivedType(typeof(LocalResponseNormalizationLayer), "localResponseNormalization")]
[JsonDerivedType(typeof(ActivationLayer), "activation")]
[JsonDerivedType(typeof(PReluLayer), "prelu")]
[JsonDerivedType(typeof(DropoutLayer), "dropout")]
[JsonDerivedType(typeof(FlattenLayer), "flatten")]
[JsonDerivedType(typeof(DenseLayer), "dense")]
[JsonDerivedType(typeof(AddLayer), "add")]
[JsonDerivedType(typeof(MultiplyLayer), "multiply")]
[JsonDerivedType(typeof(ConcatenateLayer), "concatenate")]
[JsonDerivedType(typeof(OnnxGraphLayer), "onnxGraph")]
public abstract record LayerSpec
{
    /// <summary>Unique in the network; a missing one is filled in when the network is read (<c>flatten_1</c>).</summary>
    [JsonPropertyOrder(-2)]
    public string? Name { get; init; }

    /// <summary>The layers this one takes, by name; null: the layer before it. <c>input</c> is the picture.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonRule("must be a list of layer names")]
    public IReadOnlyList<string>? Inputs { get; init; }
}

/// <summary>A layer that ends in an activation function of its own.</summary>
public abstract record ActivatedLayer : LayerSpec
{
    /// <summary>Applied to what the layer gives; default linear: none.</summary>
    [JsonPropertyOrder(1)]
    public ActivationKind Activation { get; init; } = ActivationKind.Linear;
}

/// <summary>2-D convolution (cross-correlation, as in all the field's libraries). Weights <c>[filters, channels/groups, kh, kw]</c>.</summary>
public sealed record Conv2dLayer : ActivatedLayer, IKernelLayer
{
    /// <summary>Maps that it gives; required.</summary>
    public int Filters { get; init; }

    /// <summary>Cells; default 3x3.</summary>
    public Size2 KernelSize { get; init; } = new(3, 3);

    /// <summary>Cells from one place of the kernel to the next; default 1.</summary>
    public Size2 Strides { get; init; } = new(1, 1);

    /// <summary>Default valid: none.</summary>
    public Padding2 Padding { get; init; } = Padding2.Valid;

    /// <summary>What padded cells hold; default zeros.</summary>
    public PaddingMode PaddingMode { get; init; } = PaddingMode.Zeros;

    /// <summary>Cells from one weight of the kernel to the next; default 1.</summary>
    public Size2 Dilation { get; init; } = new(1, 1);

    /// <summary>Parts that the channels are divided into, each with filters of its own; default 1.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Default true.</summary>
    public bool UseBias { get; init; } = true;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public InitializerKind KernelInitializer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double L2 { get; init; }
}

/// <summary>A window that slides over every channel by itself.</summary>
public abstract record PoolingLayer : LayerSpec
{
    /// <summary>Cells of the window; default 2x2.</summary>
    public Size2 PoolSize { get; init; } = new(2, 2);

    /// <summary>Null: the pool size.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Size2? Strides { get; init; }

    /// <summary>Default valid: none.</summary>
    public Padding2 Padding { get; init; } = Padding2.Valid;

    /// <summary>A last window that starts on the map (or its padding above and left) counts, though it reaches beyond.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CeilMode { get; init; }

    /// <summary>The strides, written or not.</summary>
    [JsonIgnore]
    public Size2 Steps => Strides ?? PoolSize;

    /// <summary>Explicit cells for a map of this size, those of <see cref="CeilMode"/> included.</summary>
    public Padding2 PaddingOver(Size2 map)
    {
        var padding = Padding.Resolve(map, PoolSize, Steps, new(1, 1));
        return CeilMode ? padding.Complete(map, PoolSize, Steps) : padding;
    }
}

/// <summary>One value of each whole map.</summary>
public abstract record GlobalPoolingLayer : LayerSpec
{
    /// <summary>Gives <c>[C,1,1]</c> instead of <c>[C]</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KeepDimensions { get; init; }
}

/// <summary>Largest value of each window. Padded cells never win.</summary>
public sealed record MaxPooling2dLayer : PoolingLayer;

/// <summary>Mean of each window; padded cells do not count unless it says so.</summary>
public sealed record AveragePooling2dLayer : PoolingLayer
{
    /// <summary>Padded cells count as zeros; those that <c>ceilMode</c> adds never count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CountIncludePad { get; init; }
}

/// <summary>Mean over the whole map: <c>[C,H,W]</c> to <c>[C]</c>.</summary>
public sealed record GlobalAveragePooling2dLayer : GlobalPoolingLayer;

/// <summary>Largest value of the whole map: <c>[C,H,W]</c> to <c>[C]</c>.</summary>
public sealed record GlobalMaxPooling2dLayer : GlobalPoolingLayer;

/// <summary>Cells around the map, as a layer of their own.</summary>
public sealed record Padding2dLayer : LayerSpec
{
    /// <summary>Explicit.</summary>
    public Padding2 Padding { get; init; } = Padding2.Explicit(1, 1, 1, 1);

    /// <summary>What the cells hold; default zeros.</summary>
    public PaddingMode PaddingMode { get; init; } = PaddingMode.Zeros;
}

/// <summary>Batch normalization over channels: parameters weight and bias, statistics runningMean and runningVariance.</summary>
public sealed record BatchNormalizationLayer : ActivatedLayer
{
    /// <summary>Share of the new batch in the running statistics (PyTorch's sense; Keras's 0.9 is 0.1 here).</summary>
    public double Momentum { get; init; } = 0.1;

    /// <summary>Added to the variance; default 1e-5.</summary>
    public double Epsilon { get; init; } = 1e-5;
}

/// <summary>
/// Each value divided by a power of its neighbours' energy across channels (Krizhevsky et al., 2012):
/// <c>x / (bias + alpha/size * sum of x² over size channels)^beta</c>.
/// </summary>
public sealed record LocalResponseNormalizationLayer : LayerSpec
{
    /// <summary>Channels, the value's own in the middle: odd.</summary>
    public int Size { get; init; } = 5;

    public double Alpha { get; init; } = 1e-4;

    public double Beta { get; init; } = 0.75;

    public double Bias { get; init; } = 1;
}

/// <summary>An activation function as a layer. The numbers belong to some functions only: <c>slope</c> to leakyRelu, elu and hardSigmoid, <c>offset</c> to hardSigmoid, <c>minimum</c> and <c>maximum</c> to clip.</summary>
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

/// <summary>Rectifier with a trained slope below zero for each channel (He et al., 2015): parameter weight <c>[C]</c>.</summary>
public sealed record PReluLayer : LayerSpec;

/// <summary>Sets a share of the values to zero while training, and scales the rest by 1/(1-rate).</summary>
public sealed record DropoutLayer : LayerSpec
{
    /// <summary>0 up to, not including, 1.</summary>
    public double Rate { get; init; } = 0.5;
}

/// <summary><c>[C,H,W]</c> to <c>[C*H*W]</c>, channel major (as PyTorch and ONNX do, not as Keras does).</summary>
public sealed record FlattenLayer : LayerSpec;

/// <summary>Fully connected layer; weights <c>[units, inputs]</c>.</summary>
public sealed record DenseLayer : ActivatedLayer, IKernelLayer
{
    /// <summary>Values that it gives; default <c>"classes"</c>: as the data set asks for.</summary>
    public Units Units { get; init; } = Units.Classes;

    /// <summary>Default true.</summary>
    public bool UseBias { get; init; } = true;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public InitializerKind KernelInitializer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double L2 { get; init; }
}

/// <summary>Sum of its inputs, which have one shape; or one value a channel (<c>[C]</c>, <c>[C,1,1]</c>) or a place (<c>[1,H,W]</c>) beside a map.</summary>
public sealed record AddLayer : ActivatedLayer;

/// <summary>Product of its inputs, shaped as those of <c>add</c>: what gates channels by squeeze and excitation.</summary>
public sealed record MultiplyLayer : ActivatedLayer;

/// <summary>Its inputs side by side along the channels.</summary>
public sealed record ConcatenateLayer : LayerSpec;
