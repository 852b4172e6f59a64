using System.Globalization;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Drawing.Networks;

/// <summary>Layer descriptions in network diagrams.</summary>
internal static class LayerText
{
    /// <summary>The operation in short form: <c>conv 3x3/2 relu</c>.</summary>
    public static string Kind(LayerSpec layer)
    {
        var does = layer switch
        {
            Conv2dLayer conv =>
                $"conv {conv.KernelSize}{Stride(conv.Strides, new(1, 1))}{(conv.Groups > 1 ? $" g{ContentKey.Text(conv.Groups)}" : "")}",
            PoolingLayer pool =>
                $"{(pool is MaxPooling2dLayer ? "max" : "avg")} pool {pool.PoolSize}{Stride(pool.EffectiveStrides, pool.PoolSize)}",
            GlobalPoolingLayer pool => $"global {(pool is GlobalMaxPooling2dLayer ? "max" : "avg")} pool",
            BatchNormalizationLayer => "batch norm",
            LayerNormalizationLayer { Groups: > 1 and var groups } => $"group norm {ContentKey.Text(groups)}",
            LayerNormalizationLayer => "layer norm",
            LocalResponseNormalizationLayer => "response norm",
            SelectChannelsLayer => "channels",
            Padding2dLayer pad =>
                $"pad {ContentKey.Text(pad.Padding.Top)} {ContentKey.Text(pad.Padding.Left)} "
                + $"{ContentKey.Text(pad.Padding.Bottom)} {ContentKey.Text(pad.Padding.Right)}",
            DropoutLayer dropout => $"dropout {dropout.Rate:0.##}",
            ConcatenateLayer => "concat",
            ActivationLayer => "",
            _ => LayerTypes.NameOf(layer),
        };
        var activation = ResolvedNetwork.DeclaredActivation(layer);
        return activation == ActivationKind.Linear ? does : $"{does} {activation.ToWireName()}".Trim();
    }

    /// <summary><c>height × width × channels</c> of a map, or the length of a vector.</summary>
    public static string Shape(TensorShape shape) => shape.IsMap
        ? $"{ContentKey.Text(shape.Height)} × {ContentKey.Text(shape.Width)} × {ContentKey.Text(shape.Channels)}"
        : ContentKey.Text(shape.Channels);

    /// <summary>With thousands separators; empty for 0.</summary>
    public static string Parameters(long count) => count == 0 ? "" : count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>In three digits, thousands and millions shortened; empty for 0.</summary>
    public static string Rounded(long count) => count switch
    {
        0 => "",
        < 1000 => count.ToString(CultureInfo.InvariantCulture),
        < 1_000_000 => $"{(count / 1e3).ToString(count < 100_000 ? "0.#" : "0", CultureInfo.InvariantCulture)} k",
        _ => $"{(count / 1e6).ToString(count < 100_000_000 ? "0.##" : "0", CultureInfo.InvariantCulture)} M",
    };

    public static string Title(ResolvedNetwork network, string name) =>
        $"{name}: {Shape(network.Spec.Input.Shape)} to {(network.HasClasses ? $"{ContentKey.Text(network.Classes)} "
            + $"classes" : "features")}, {network.Layers.Sum(layer => layer.Parameters):N0} parameters";

    private static string Stride(Size2 strides, Size2 usual) =>
        strides == usual ? "" : strides.Height == strides.Width ? $"/{ContentKey.Text(strides.Height)}" : $"/{strides}";
}
