using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>Validates a layer's own fields, independently of its inputs.</summary>
internal static class LayerRules
{
    /// <summary>Adds every broken rule; true where none is broken, so that its output shape can be inferred.</summary>
    public static bool Check(LayerSpec layer, ValidationErrors errors) => ActivationRules.CheckKind(layer, errors) & Fields(layer, errors);

    private static bool Fields(LayerSpec layer, ValidationErrors errors) => layer switch
    {
        Conv2dLayer conv => Convolution(conv, errors),
        PoolingLayer pool => Pooling(pool.PoolSize, pool.Strides, pool.Padding, errors),
        Padding2dLayer pad => errors.Require(!pad.Padding.IsSame, "padding", "must be explicit, received \"same\"")
            && Padding(pad.Padding, new(NetworkLimits.Step, NetworkLimits.Step), errors),
        LayerNormalizationLayer norm => ImageNormalization(norm, errors),
        SelectChannelsLayer select => Selection(select, errors),
        LocalResponseNormalizationLayer norm => ResponseNormalization(norm, errors),
        ActivationLayer activation => ActivationRules.Check(activation, errors),
        BatchNormalizationLayer norm => Normalization(norm, errors),
        DropoutLayer dropout => errors.Require(
            dropout.Rate is >= 0 and < 1, "rate", $"must be 0 or more and below 1, received {dropout.Rate}"),
        DenseLayer dense => (dense.Units.FollowsClasses || errors.Between(dense.Units.Count, 1, NetworkLimits.Filters, "units"))
            & errors.Between(dense.L2, 0, 1, "l2"),
        OnnxGraphLayer graph => errors.Between(graph.Outputs, 1, int.MaxValue, "outputs"),
        _ => true,
    };

    private static bool Convolution(Conv2dLayer conv, ValidationErrors errors) =>
        errors.Between(conv.Filters, 1, NetworkLimits.Filters, "filters")
        & errors.Between(conv.KernelSize, 1, NetworkLimits.Kernel, "kernelSize")
        & errors.Between(conv.Strides, 1, NetworkLimits.Step, "strides")
        & errors.Between(conv.Dilation, 1, NetworkLimits.Step, "dilation")
        & errors.Between(conv.L2, 0, 1, "l2")
        & Padding(conv.Padding, new(NetworkLimits.Step, NetworkLimits.Step), errors)
        & Groups(conv, errors);

    private static bool Groups(Conv2dLayer conv, ValidationErrors errors) =>
        errors.Between(conv.Groups, 1, NetworkLimits.Filters, "groups")
        && errors.Require(
            conv.Filters % conv.Groups == 0, "groups", $"must divide the filters ({conv.Filters}), received {conv.Groups}");

    private static bool Pooling(Size2 size, Size2? strides, Padding2 padding, ValidationErrors errors) =>
        errors.Between(strides ?? new(1, 1), 1, NetworkLimits.Step, "strides")
        & (errors.Between(size, 1, NetworkLimits.Step, "poolSize")
            && Padding(padding, new(size.Height - 1, size.Width - 1), errors));

    // A pooling window that lies entirely in the padding would have no value, so padding must be smaller than the window.
    private static bool Padding(Padding2 padding, Size2 max, ValidationErrors errors) => errors.Require(
        Math.Min(Math.Min(padding.Top, padding.Bottom), Math.Min(padding.Left, padding.Right)) >= 0
        && Math.Max(padding.Top, padding.Bottom) <= max.Height
        && Math.Max(padding.Left, padding.Right) <= max.Width,
        "padding",
        $"must be 0 to {max.Height} above and below, 0 to {max.Width} left and right, "
        + $"received [{padding.Top}, {padding.Left}, {padding.Bottom}, {padding.Right}]");

    private static bool ResponseNormalization(LocalResponseNormalizationLayer norm, ValidationErrors errors) =>
        errors.Require(norm.Size % 2 == 1 && norm.Size is > 0 and <= NetworkLimits.Step, "size",
            $"must be odd, 1 to {NetworkLimits.Step - 1}, received {norm.Size}")
        & errors.Between(norm.Alpha, 0, 1e6, "alpha")
        & errors.Between(norm.Beta, 0, 16, "beta")
        & errors.Between(norm.Bias, 1e-6, 1e6, "bias");

    private static bool Between(this ValidationErrors errors, Size2 value, int low, int high, string field) => errors.Require(
        value.Height >= low && value.Height <= high && value.Width >= low && value.Width <= high,
        field,
        $"must be between {low} and {high} each way, received [{value.Height}, {value.Width}]");

    private static bool Normalization(BatchNormalizationLayer norm, ValidationErrors errors) =>
        errors.Between(norm.Momentum, 0, 1, "momentum")
        & errors.Between(norm.Epsilon, 1e-12, 1, "epsilon");

    private static bool ImageNormalization(LayerNormalizationLayer norm, ValidationErrors errors) =>
        errors.Between(norm.Groups ?? 1, 1, NetworkLimits.Filters, "groups")
        & errors.Require(!norm.Elementwise || norm.Groups == 1, "elementwise", "belongs to a normalization of the whole map: groups 1")
        & errors.Between(norm.Epsilon, 1e-12, 1, "epsilon");

    private static bool Selection(SelectChannelsLayer select, ValidationErrors errors) => errors.Require(
        select.Channels is { Count: >= 1 and <= NetworkLimits.Filters } && select.Channels.All(channel => channel >= 0),
        "channels",
        $"must be 1 to {NetworkLimits.Filters} numbers from 0, received {select.Channels?.Count ?? 0}, the lowest "
        + $"{select.Channels?.DefaultIfEmpty().Min()}");
}
