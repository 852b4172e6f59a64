using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Kernels;

/// <summary>Weights of a plan's layer, and the tiles of its filters.</summary>
/// <param name="Plan">Filters, scale and input channels.</param>
/// <param name="Weights"><c>[out,in,h,w]</c>.</param>
internal sealed record KernelWeights(KernelPlan Plan, WeightTensor Weights)
{
    private const int ColorSide = 128;
    private const int RowSide = 66;
    private const int Gap = 6;
    private const float Floor = 1e-12f;

    private readonly float _largest = Math.Max(Floor, Weights.Data.Max(Math.Abs));

    public int Channels => Weights.Shape[1];

    private int Height => Weights.Shape[2];

    private int Width => Weights.Shape[3];

    public static Outcome<KernelWeights> Read(KernelPlan plan) => plan.Model.ReadWeights()
        .Map(weights => new KernelWeights(plan, weights[$"{plan.Layer.Name}.weight"]));

    public float Largest(int filter) => Plan.Request.ScaleByFilter ? Math.Max(Floor, Kernel(filter).ToArray().Max(Math.Abs)) : _largest;

    public KernelFigures Figures(int filter) => new(Plan.Layer.Name, filter, [Channels, Height, Width], Kernel(filter).ToArray(), _largest);

    /// <summary>A kernel: a block, or a row of them, one an input channel.</summary>
    public Block Tile(int filter, int inputs) =>
        Plan.IsColor ? Colored(filter) : Row(filter, Math.Min(inputs, Channels - Plan.Request.FirstInput));

    private ReadOnlySpan<float> Kernel(int filter) => Weights.Data.AsSpan(filter * Channels * Height * Width, Channels * Height * Width);

    private ImageBlock Colored(int filter)
    {
        var image = new PixelBuffer(Width, Height, Channels);
        var (kernel, largest) = (Kernel(filter).ToArray(), Largest(filter));
        var isReversed = Plan.Model.Manifest.Preprocessing.ChannelOrder == ChannelOrder.Bgr;
        int[] planes = [.. Plan.ColorChannels!.Index().OrderBy(plane => plane.Item).Select(plane => plane.Index)];
        for (var i = 0; i < image.Data.Length; i++)
        {
            var (channel, place) = (i % Channels, i / Channels);
            var plane = planes[isReversed ? Channels - 1 - channel : channel];
            image.Data[i] = (byte)MathF.Round(128 + (127 * kernel[(plane * Height * Width) + place] / largest));
        }

        return ImageBlock.AtLeast(image, ColorSide, isSmooth: false);
    }

    private Stack Row(int filter, int inputs)
    {
        var (kernel, largest) = (Kernel(filter).ToArray(), Largest(filter));
        return new(
            [.. Enumerable.Range(Plan.Request.FirstInput, inputs).Select(input => ImageBlock.AtLeast(
                Colormap.BlueRed.Apply(
                    [.. kernel.Skip(input * Height * Width).Take(Height * Width)
                        .Select(weight => (byte)MathF.Round(127.5f + (127.5f * weight / largest)))],
                    Width, Height),
                RowSide, isSmooth: false))],
            Gap, IsRow: true);
    }
}
