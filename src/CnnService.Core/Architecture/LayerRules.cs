namespace CnnService.Core.Architecture;

/// <summary>What a layer's own fields may hold, whatever it takes.</summary>
internal static class LayerRules
{
    /// <summary>Adds every broken rule; true where none is broken, so that shapes may be counted.</summary>
    public static bool Check(LayerSpec layer, LayerErrors errors) => ActivationRules.CheckKind(layer, errors) & Fields(layer, errors);

    private static bool Fields(LayerSpec layer, LayerErrors errors) => layer switch
    {
        Conv2dLayer conv => Convolution(conv, errors),
        PoolingLayer pool => Pooling(pool.PoolSize, pool.Strides, pool.Padding, errors),
        Padding2dLayer pad => errors.Require(!pad.Padding.IsSame, "padding", "must be explicit, received \"same\"")
            && Padding(pad.Padding, new(NetworkLimits.Step, NetworkLimits.Step), errors),
        LocalResponseNormalizationLayer norm => ResponseNormalization(norm, errors),
        ActivationLayer activation => ActivationRules.Check(activation, errors),
        BatchNormalizationLayer norm => Normalization(norm, errors),
        DropoutLayer dropout => errors.Require(
            dropout.Rate is >= 0 and < 1, "rate", FormattableString.Invariant($"must be 0 or more and below 1, received {dropout.Rate}")),
        DenseLayer dense => (dense.Units.FollowsClasses || errors.Between(1, NetworkLimits.Filters, dense.Units.Count, "units"))
            & errors.Between(0, 1, dense.L2, "l2"),
        OnnxGraphLayer graph => errors.Between(1, NetworkLimits.Filters, graph.Outputs, "outputs"),
        _ => true,
    };

    private static bool Convolution(Conv2dLayer conv, LayerErrors errors) =>
        errors.Between(1, NetworkLimits.Filters, conv.Filters, "filters")
        & errors.Between(1, NetworkLimits.Kernel, conv.KernelSize, "kernelSize")
        & errors.Between(1, NetworkLimits.Step, conv.Strides, "strides")
        & errors.Between(1, NetworkLimits.Step, conv.Dilation, "dilation")
        & errors.Between(0, 1, conv.L2, "l2")
        & Padding(conv.Padding, new(NetworkLimits.Step, NetworkLimits.Step), errors)
        & Groups(conv, errors);

    private static bool Groups(Conv2dLayer conv, LayerErrors errors) =>
        errors.Between(1, NetworkLimits.Filters, conv.Groups, "groups")
        && errors.Require(
            conv.Filters % conv.Groups == 0, "groups", $"must divide the filters ({conv.Filters}), received {conv.Groups}");

    private static bool Pooling(Size2 size, Size2? strides, Padding2 padding, LayerErrors errors) =>
        errors.Between(1, NetworkLimits.Step, strides ?? new(1, 1), "strides")
        & (errors.Between(1, NetworkLimits.Step, size, "poolSize")
            && Padding(padding, new(size.Height - 1, size.Width - 1), errors));

    // A pooling window that lies in the padding alone would have no value: its padding stays below its size.
    private static bool Padding(Padding2 padding, Size2 most, LayerErrors errors) => errors.Require(
        Math.Min(Math.Min(padding.Top, padding.Bottom), Math.Min(padding.Left, padding.Right)) >= 0
        && Math.Max(padding.Top, padding.Bottom) <= most.Height
        && Math.Max(padding.Left, padding.Right) <= most.Width,
        "padding",
        $"must be 0 to {most.Height} above and below, 0 to {most.Width} left and right, "
        + $"received [{padding.Top}, {padding.Left}, {padding.Bottom}, {padding.Right}]");

    private static bool ResponseNormalization(LocalResponseNormalizationLayer norm, LayerErrors errors) =>
        errors.Require(norm.Size % 2 == 1 && norm.Size is > 0 and <= NetworkLimits.Step, "size", $"must be odd, 1 to {NetworkLimits.Step - 1}, received {norm.Size}")
        & errors.Between(0, 1e6, norm.Alpha, "alpha")
        & errors.Between(0, 16, norm.Beta, "beta")
        & errors.Between(1e-6, 1e6, norm.Bias, "bias");

    private static bool Normalization(BatchNormalizationLayer norm, LayerErrors errors) =>
        errors.Between(0, 1, norm.Momentum, "momentum")
        & errors.Between(1e-12, 1, norm.Epsilon, "epsilon");
}
