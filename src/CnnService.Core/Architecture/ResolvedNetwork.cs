namespace CnnService.Core.Architecture;

/// <summary>
/// A network that has passed validation: every layer named, inputs explicit, units resolved, shapes known. Torch, ONNX and the
/// visualizations work from this type only. Created by <see cref="NetworkSpecValidator"/>. Immutable.
/// </summary>
public sealed record ResolvedNetwork
{
    internal ResolvedNetwork(NetworkSpec spec, int classes, IReadOnlyList<ResolvedLayer> layers)
    {
        Spec = spec;
        Classes = classes;
        Layers = layers;
    }

    /// <summary>The network as written, with names and units filled in; reading it again gives the same network.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>Number of classes, at least 2; 0 for a network without a classifier.</summary>
    public int Classes { get; }

    /// <summary>False where the output is a feature map or vector rather than class logits.</summary>
    public bool HasClasses => Classes > 0;

    /// <summary>False where the network is a single <see cref="OnnxGraphLayer"/>.</summary>
    public bool HasLayers => Layers[0].Spec is not OnnxGraphLayer;

    /// <summary>In topological order; at least one.</summary>
    public IReadOnlyList<ResolvedLayer> Layers { get; }

    public ResolvedLayer Output => Layers[^1];

    /// <summary>
    /// Number of logits: 1 (a sigmoid output, class 1 positive) or the number of classes; without a classifier, the number of
    /// output channels.
    /// </summary>
    public int Outputs => Output.OutputShape.Channels;

    public bool IsSigmoid => HasClasses && Outputs == 1;

    /// <summary>Whether each class has a probability of its own, a sigmoid's, so that several can be right at once.</summary>
    public bool IsMultiLabel => HasClasses && Outputs > 1
        && (Output.Spec is OnnxGraphLayer { IsMultiLabel: true } || DeclaredActivation(Output.Spec) == ActivationKind.Sigmoid);

    public ResolvedLayer? Find(string name) => Layers.FirstOrDefault(layer => layer.Name == name);

    /// <summary>
    /// The activation an engine applies to a layer. A sigmoid or softmax on the last layer only says how its logits are to be read, so it
    /// is <see cref="ActivationKind.Linear"/> here: the network's output is always logits.
    /// </summary>
    public ActivationKind ActivationOf(ResolvedLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return FunctionOf(layer).Kind;
    }

    /// <summary>As <see cref="ActivationOf"/>, with the function's parameters.</summary>
    public ActivationFunction FunctionOf(ResolvedLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var written = ActivationFunction.Create(layer.Spec);
        return HasClasses && layer.Name == Output.Name && written.Kind is ActivationKind.Sigmoid or ActivationKind.Softmax
            ? ActivationFunction.Linear
            : written;
    }

    internal static ActivationKind DeclaredActivation(LayerSpec layer) => ActivationFunction.Create(layer).Kind;
}

/// <summary>A validated layer with its shapes and costs.</summary>
/// <param name="Spec">The layer as data; its padding may still be "same", <see cref="Padding"/> is the explicit form.</param>
/// <param name="Name">Unique in the network.</param>
/// <param name="Inputs">Names of the layers it takes as input, <see cref="NetworkSpec.InputName"/> for the image.</param>
/// <param name="InputShapes">One per input, for one sample.</param>
/// <param name="OutputShape">For one sample.</param>
/// <param name="Padding">Explicit padding of convolutions, pooling and padding layers; otherwise valid.</param>
/// <param name="Parameters">Number of trainable parameters.</param>
/// <param name="MultiplyAdds">Per image: k*k*Cin/g*Cout*H*W for a convolution, in*out for a dense layer, otherwise 0.</param>
/// <param name="Field">Receptive field in the image; null where it is the whole image (after flatten or global pooling).</param>
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

/// <summary>The region of the image that one cell of a feature map depends on.</summary>
/// <param name="Size">Height and width in pixels.</param>
/// <param name="Jump">Distance in pixels between the field centres of neighbouring cells.</param>
/// <param name="StartY">Vertical centre of the field of cell (0,0), in pixels; 0.5 is the middle of the first pixel.</param>
/// <param name="StartX">As <paramref name="StartY"/>, horizontally.</param>
public sealed record ReceptiveField(Size2 Size, Size2 Jump, double StartY, double StartX);
