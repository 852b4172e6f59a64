using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>Validates the parameters of activation functions: which function takes which, and their ranges.</summary>
internal static class ActivationRules
{
    private const double MaxParameter = 1e6;

    /// <summary>Refuses clip as the activation of another layer: it needs bounds, which only an activation layer carries.</summary>
    public static bool CheckKind(LayerSpec layer, ValidationErrors errors) => errors.Require(
        layer is not ActivatedLayer { Activation: ActivationKind.Clip },
        "activation",
        "clip needs its bounds: write it as a layer {\"type\": \"activation\", \"activation\": \"clip\", \"minimum\": …, \"maximum\": …}");

    public static bool Check(ActivationLayer layer, ValidationErrors errors) =>
        RequireApplicable(layer, layer.Slope, "slope", [ActivationKind.LeakyRelu, ActivationKind.Elu, ActivationKind.HardSigmoid], errors)
        & RequireApplicable(layer, layer.Offset, "offset", [ActivationKind.HardSigmoid], errors)
        & RequireApplicable(layer, layer.Minimum, "minimum", [ActivationKind.Clip], errors)
        & RequireApplicable(layer, layer.Maximum, "maximum", [ActivationKind.Clip], errors)
        & CheckBounds(layer, errors);

    private static bool RequireApplicable(
        ActivationLayer layer, double? value, string field, ActivationKind[] kinds, ValidationErrors errors) => value is null
        || (errors.Require(
                kinds.Contains(layer.Activation),
                field,
                $"belongs to {string.Join(", ", kinds.Select(kind => kind.ToWireName()))} only")
            && errors.Between(value.Value, -MaxParameter, MaxParameter, field));

    private static bool CheckBounds(ActivationLayer layer, ValidationErrors errors) => layer.Activation != ActivationKind.Clip
        || (errors.Require(layer.Minimum is not null || layer.Maximum is not null, "", "(clip) must have a minimum, a maximum or both")
            && errors.Require(
                !(layer.Minimum > layer.Maximum),
                "maximum",
                $"must not be below the minimum ({layer.Minimum}), received {layer.Maximum}"));
}
