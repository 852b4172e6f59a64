using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>Validates the last layer: a vector of one logit per class, or a single logit for two classes.</summary>
internal static class NetworkHeadRules
{
    /// <param name="last">The last layer.</param>
    /// <param name="classes">At least 2.</param>
    /// <param name="allowsMultiLabel">Whether several sigmoids are a head: imported networks have such, and they are not trained.</param>
    /// <param name="errors">Receives every broken rule.</param>
    public static void Check(ResolvedLayer last, int classes, bool allowsMultiLabel, ValidationErrors errors)
    {
        var shape = last.OutputShape;
        if (!errors.Require(
            !shape.IsMap,
            "",
            $"is the last and must give a vector, received a map {shape}: end in globalAveragePooling2d or flatten and dense"))
        {
            return;
        }

        var rule = classes == 2 ? "must give 1 or 2 outputs for 2 classes" : $"must give {classes} outputs, one a class";
        if (errors.Require(
            shape.Channels == classes || (classes == 2 && shape.Channels == 1),
            last.Spec is DenseLayer ? "units" : "",
            $"{rule}, received {shape.Channels}"))
        {
            CheckActivation(ResolvedNetwork.DeclaredActivation(last.Spec), shape.Channels, allowsMultiLabel, errors);
        }
    }

    private static void CheckActivation(ActivationKind activation, int outputs, bool allowsMultiLabel, ValidationErrors errors)
    {
        errors.Require(
            activation != ActivationKind.Softmax || outputs > 1,
            "activation",
            "softmax needs one output a class, received 1 output: use sigmoid, or write 2 units");
        errors.Require(
            activation != ActivationKind.Sigmoid || outputs == 1 || allowsMultiLabel,
            "activation",
            $"sigmoid as the last activation needs 1 output (two classes), received {outputs} outputs: use softmax");
    }
}
