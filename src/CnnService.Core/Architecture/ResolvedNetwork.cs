namespace CnnService.Core.Architecture;

/// <summary>
/// A network that has passed validation: every layer named, inputs explicit, units counted, shapes known.
/// The engines (Torch, ONNX) and the pictures work from this alone. Create it with <see cref="NetworkSpecValidator"/>.
/// </summary>
public sealed record ResolvedNetwork
{
    internal ResolvedNetwork(NetworkSpec spec, int classes, IReadOnlyList<ResolvedLayer> layers)
    {
        Spec = spec;
        Classes = classes;
        Layers = layers;
    }

    /// <summary>The network as written, with names filled in and units counted; reading it again gives the same network.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>The number of classes it tells apart, at least 2; 0 for a network without a classifier.</summary>
    public int Classes { get; }

    /// <summary>False where its last layer gives features, a map or a vector, and no classes.</summary>
    public bool HasClasses => Classes > 0;

    /// <summary>False where the whole is one <see cref="OnnxGraphLayer"/>.</summary>
    public bool HasLayers => Layers[0].Spec is not OnnxGraphLayer;

    /// <summary>In an order in which each layer follows its inputs.</summary>
    public IReadOnlyList<ResolvedLayer> Layers { get; }

    public ResolvedLayer Output => Layers[^1];

    /// <summary>The number of logits: 1 (one sigmoid output, class 1 positive) or the number of classes; channels without a classifier.</summary>
    public int Outputs => Output.OutputShape.Channels;

    public bool IsSigmoid => HasClasses && Outputs == 1;

    public ResolvedLayer? Find(string name) => Layers.FirstOrDefault(layer => layer.Name == name);

    /// <summary>
    /// The function an engine applies to a layer. A sigmoid or softmax on the last layer only says how its logits are to
    /// be read, so it is <see cref="ActivationKind.Linear"/> here: the network's output is always logits.
    /// </summary>
    public ActivationKind ActivationOf(ResolvedLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return FunctionOf(layer).Kind;
    }

    /// <summary>As <see cref="ActivationOf"/>, with its numbers.</summary>
    public ActivationFunction FunctionOf(ResolvedLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var written = ActivationFunction.Of(layer.Spec);
        return HasClasses && layer.Name == Output.Name && written.Kind is ActivationKind.Sigmoid or ActivationKind.Softmax
            ? ActivationFunction.Linear
            : written;
    }

    internal static ActivationKind ActivationAsWritten(LayerSpec layer) => ActivationFunction.Of(layer).Kind;
}

/// <summary>A layer with everything about it known.</summary>
/// <param name="Spec">The layer as data; paddings may still say "same", <see cref="Padding"/> is the explicit form.</param>
/// <param name="Name">Its unique name.</param>
/// <param name="Inputs">Names of the layers it takes, <see cref="NetworkSpec.InputName"/> for the picture.</param>
/// <param name="InputShapes">One for each input.</param>
/// <param name="OutputShape">Of one sample.</param>
/// <param name="Padding">Explicit cells, for convolutions and poolings.</param>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="MultiplyAdds">Multiply-adds for one picture: k*k*Cin/g*Cout*H*W for a convolution; 0 for layers without weights.</param>
/// <param name="Field">Its receptive field in the picture; null where it sees the whole picture (after flatten or global pooling).</param>
public sealed record ResolvedLayer(
    LayerSpec Spec,
    string Name,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<TensorShape> InputShapes,
    TensorShape OutputShape,
    Padding2 Padding,
    long Parameters,
    long MultiplyAdds,
    ReceptiveField? Field);

/// <summary>What part of the picture one cell of a map sees.</summary>
/// <param name="Size">Height and width in pixels.</param>
/// <param name="Jump">Pixels between the centres of neighbouring cells.</param>
/// <param name="StartY">Centre of cell (0,0), in pixels; 0.5 is the middle of the first pixel.</param>
/// <param name="StartX">As <paramref name="StartY"/>, horizontally.</param>
public sealed record ReceptiveField(Size2 Size, Size2 Jump, double StartY, double StartX);
