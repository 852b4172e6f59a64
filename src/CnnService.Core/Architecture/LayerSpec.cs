using System.Text.Json.Serialization;

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
[JsonDerivedType(typeof(BatchNormalizationLayer), "batchNormalization")]
[JsonDerivedType(typeof(ActivationLayer), "activation")]
[JsonDerivedType(typeof(DropoutLayer), "dropout")]
[JsonDerivedType(typeof(FlattenLayer), "flatten")]
[JsonDerivedType(typeof(DenseLayer), "dense")]
[JsonDerivedType(typeof(AddLayer), "add")]
[JsonDerivedType(typeof(ConcatenateLayer), "concatenate")]
public abstract record LayerSpec
{
    /// <summary>Unique in the network; a missing one is filled in when the network is read (<c>flatten_1</c>).</summary>
    [JsonPropertyOrder(-2)]
    public string? Name { get; init; }

    /// <summary>The layers this one takes, by name; null: the layer before it. <c>input</c> is the picture.</summary>
    [JsonPropertyOrder(2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Inputs { get; init; }
}

/// <summary>A layer that ends in an activation function of its own.</summary>
public abstract record ActivatedLayer : LayerSpec
{
    [JsonPropertyOrder(1)]
    public ActivationKind Activation { get; init; } = ActivationKind.Linear;
}

/// <summary>2-D convolution (cross-correlation, as in all the field's libraries). Weights <c>[filters, channels/groups, kh, kw]</c>.</summary>
public sealed record Conv2dLayer : ActivatedLayer, IKernelLayer
{
    public int Filters { get; init; }

    public Size2 KernelSize { get; init; } = new(3, 3);

    public Size2 Strides { get; init; } = new(1, 1);

    public Padding2 Padding { get; init; } = Padding2.Valid;

    public PaddingMode PaddingMode { get; init; } = PaddingMode.Zeros;

    public Size2 Dilation { get; init; } = new(1, 1);

    public int Groups { get; init; } = 1;

    public bool UseBias { get; init; } = true;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public InitializerKind KernelInitializer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double L2 { get; init; }
}

/// <summary>Largest value of each window. Padded cells never win.</summary>
public sealed record MaxPooling2dLayer : LayerSpec
{
    public Size2 PoolSize { get; init; } = new(2, 2);

    /// <summary>Null: the pool size.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Size2? Strides { get; init; }

    public Padding2 Padding { get; init; } = Padding2.Valid;
}

/// <summary>Mean of each window; padded cells do not count.</summary>
public sealed record AveragePooling2dLayer : LayerSpec
{
    public Size2 PoolSize { get; init; } = new(2, 2);

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Size2? Strides { get; init; }

    public Padding2 Padding { get; init; } = Padding2.Valid;
}

/// <summary>Mean over the whole map: <c>[C,H,W]</c> to <c>[C]</c>.</summary>
public sealed record GlobalAveragePooling2dLayer : LayerSpec;

/// <summary>Batch normalization over channels: parameters weight and bias, statistics runningMean and runningVariance.</summary>
public sealed record BatchNormalizationLayer : ActivatedLayer
{
    /// <summary>Share of the new batch in the running statistics (PyTorch's sense; Keras's 0.9 is 0.1 here).</summary>
    public double Momentum { get; init; } = 0.1;

    public double Epsilon { get; init; } = 1e-5;
}

/// <summary>An activation function as a layer.</summary>
public sealed record ActivationLayer : LayerSpec
{
    public ActivationKind Activation { get; init; } = ActivationKind.Relu;
}

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
    public Units Units { get; init; } = Units.Classes;

    public bool UseBias { get; init; } = true;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public InitializerKind KernelInitializer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double L2 { get; init; }
}

/// <summary>Sum of its inputs, which have one shape.</summary>
public sealed record AddLayer : ActivatedLayer;

/// <summary>Its inputs side by side along the channels.</summary>
public sealed record ConcatenateLayer : LayerSpec;
