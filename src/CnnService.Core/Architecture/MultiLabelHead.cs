using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>Gives a network that is to be trained one sigmoid a class, so that several classes can be right at once.</summary>
internal static class MultiLabelHead
{
    /// <summary>
    /// The network with a sigmoid for each output of its last layer; a dense layer that follows the classes gets one output a class, also
    /// for two. What says softmax itself is left, for <see cref="Check"/> to refuse.
    /// </summary>
    /// <param name="spec">As written.</param>
    /// <param name="classes">At least 2.</param>
    public static NetworkSpec Create(NetworkSpec spec, int classes) => spec.Layers is not [.., { } last] ? spec : last switch
    {
        DenseLayer dense => Replace(spec, Create(dense, classes)),
        _ when ResolvedNetwork.DeclaredActivation(last) is ActivationKind.Softmax or ActivationKind.Sigmoid => spec,
        ActivatedLayer { Activation: ActivationKind.Linear } activated => Replace(
            spec, activated with { Activation = ActivationKind.Sigmoid }),
        _ => spec with { Layers = [.. spec.Layers, new ActivationLayer { Activation = ActivationKind.Sigmoid }] },
    };

    /// <summary>A dense layer with one sigmoid a class.</summary>
    public static DenseLayer Create(DenseLayer dense, int classes) => dense with
    {
        Units = dense.Units.FollowsClasses ? classes : dense.Units,
        Activation = dense.Activation == ActivationKind.Linear ? ActivationKind.Sigmoid : dense.Activation,
    };

    /// <summary>Refuses a network that chooses between the classes.</summary>
    public static void Check(ResolvedNetwork network, ValidationErrors errors) => errors.Require(
        network.IsMultiLabel, "architecture",
        "must end in one sigmoid a class: the images of the data set have any number of labels");

    private static NetworkSpec Replace(NetworkSpec spec, LayerSpec last) => spec with { Layers = [.. spec.Layers.SkipLast(1), last] };
}
