using System.Globalization;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Kernels;

/// <summary>
/// The kernels of a convolution as they are. Where the filters take a colour picture, one tile in its colours: no weight is grey 128, the
/// largest magnitude 127 more or less. Elsewhere a row of tiles, one an input channel, blue below zero and red above. Each weight is a square
/// of one colour. Problem codes: <c>layer.not-found</c>, <c>layer.no-kernels</c>, <c>filter.not-found</c>, <c>request.invalid</c>.
/// </summary>
public static class KernelPicture
{
    private const int LeastCell = 16;
    private const int Gap = 2;
    private const int InGrid = 8;
    private const float Floor = 1e-12f;

    private static readonly Color Ground = Color.Of(0x101418);

    /// <param name="model">The version.</param>
    /// <param name="layer">A convolution.</param>
    /// <param name="offset">The filter, or the first of a grid.</param>
    /// <param name="count">Filters of a grid; null: one filter alone.</param>
    /// <param name="request">Scale and input channels.</param>
    /// <param name="encoder">Writes the file.</param>
    public static Outcome<RenderedPicture> Draw(LoadedModel model, string layer, int offset, int? count, KernelRequest request, IPngEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(encoder);
        return Kernels(model, layer, offset, count, request).Bind<RenderedPicture>(kernels => RenderMetrics.Watch(RenderMetrics.Kernel, () =>
        {
            var text = PictureText.Source(model, layer, kernels.Range);
            text.Add(PictureText.Of("largestWeight", kernels.Largest(kernels.Range.First).ToString(CultureInfo.InvariantCulture)));
            var picture = count is null
                ? kernels.Tile(kernels.Range.First, request.Inputs)
                : TileGrid.Compose(GridTitle.Of(model, kernels.Layer), [.. kernels.Range.Filters.Select(filter => GridTitle.Tile(kernels.Layer, filter, kernels.Tile(filter, Math.Min(request.Inputs, InGrid))))]);
            return (new RenderedPicture(encoder.Encode(picture, text), Tag(model, layer, offset, count, request), []), RenderEnd.Drawn);
        }));
    }

    /// <summary>The weights of one filter, as numbers.</summary>
    /// <param name="model">The version.</param>
    /// <param name="layer">A convolution.</param>
    /// <param name="filter">Which.</param>
    public static Outcome<KernelFigures> Numbers(LoadedModel model, string layer, int filter)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Kernels(model, layer, filter, null, new KernelRequest()).Bind<KernelFigures>(kernels => kernels.Figures(filter));
    }

    /// <summary>The tag of the picture that <see cref="Draw"/> gives.</summary>
    public static string Tag(LoadedModel model, string layer, int offset, int? count, KernelRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PictureKey.Of(["kernels", PictureKey.Content(model), model.Name, PictureKey.Text(model.Version), layer, $"{offset}+{count}", $"{request}"]);
    }

    private static Outcome<KernelSet> Kernels(LoadedModel model, string layer, int offset, int? count, KernelRequest request) =>
        VisualLayers.Find(model, layer).Bind(found => found.Spec is not Conv2dLayer conv
            ? Problem.Unprocessable("layer.no-kernels", $"The layer '{layer}' is no convolution: it has no kernels to show.")
            : VisualLayers.Filters(found, offset, count ?? 1).Bind(range => Check(request, found, conv) is { } problem
                ? problem
                : SafetensorsFile.Read(model.WeightsPath).Bind<KernelSet>(content =>
                    new KernelSet(found, range, content.Weights[$"{layer}.weight"], request, model.Manifest.Preprocessing.ChannelOrder, TakesPicture(found)))));

    private static Problem? Check(KernelRequest request, ResolvedLayer layer, Conv2dLayer conv)
    {
        var errors = new ValidationErrors();
        var channels = layer.InputShapes[0].Channels / conv.Groups;
        errors.Require(request.FirstInput >= 0 && request.FirstInput < channels, "in", $"must begin between 0 and {channels - 1}, received {request.FirstInput}");
        errors.Require(request.Inputs is >= 1 and <= KernelRequest.MostInputs, "in", $"must name 1 to {KernelRequest.MostInputs} channels, received {request.Inputs}");
        return errors.Any ? Problem.Validation(errors) : null;
    }

    private static bool TakesPicture(ResolvedLayer layer) => layer.Inputs[0] == NetworkSpec.InputName && layer.InputShapes[0].Channels == 3 && layer.Spec is Conv2dLayer { Groups: 1 };

    /// <summary>The kernels of a layer, and how they are shown.</summary>
    private sealed record KernelSet(ResolvedLayer Layer, FilterRange Range, WeightTensor Weights, KernelRequest Request, ChannelOrder Order, bool IsColor)
    {
        private readonly float _largest = Math.Max(Floor, Weights.Data.Max(Math.Abs));

        private int Channels => Weights.Shape[1];

        private int Height => Weights.Shape[2];

        private int Width => Weights.Shape[3];

        private int Cell => Math.Max(LeastCell, PictureScaling.UsualSide / Math.Max(Height, Width));

        public float Largest(int filter) => Request.ScaleByFilter ? Math.Max(Floor, Of(filter).ToArray().Max(Math.Abs)) : _largest;

        public KernelFigures Figures(int filter) => new(Layer.Name, filter, [Channels, Height, Width], Of(filter).ToArray(), _largest);

        public PixelBuffer Tile(int filter, int inputs) => IsColor ? Colored(filter) : Row(filter, Math.Min(inputs, Channels - Request.FirstInput));

        private ReadOnlySpan<float> Of(int filter) => Weights.Data.AsSpan(filter * Channels * Height * Width, Channels * Height * Width);

        private PixelBuffer Colored(int filter)
        {
            var picture = new PixelBuffer(Width, Height, Channels);
            var (kernel, largest) = (Of(filter).ToArray(), Largest(filter));
            for (var i = 0; i < picture.Data.Length; i++)
            {
                var (channel, place) = (i % Channels, i / Channels);
                var plane = Order == ChannelOrder.Bgr ? Channels - 1 - channel : channel;
                picture.Data[i] = (byte)MathF.Round(128 + (127 * kernel[(plane * Height * Width) + place] / largest));
            }

            return PictureScaling.Enlarge(picture, Cell);
        }

        private PixelBuffer Row(int filter, int inputs)
        {
            var (kernel, largest, cell) = (Of(filter).ToArray(), Largest(filter), Math.Max(LeastCell, 48 / Math.Max(Height, Width)));
            var canvas = new Canvas((inputs * ((Width * cell) + Gap)) - Gap, Height * cell, Ground);
            for (var i = 0; i < inputs; i++)
            {
                byte[] levels = [.. kernel.Skip((Request.FirstInput + i) * Height * Width).Take(Height * Width).Select(weight => (byte)MathF.Round(127.5f + (127.5f * weight / largest)))];
                canvas.Place(PictureScaling.Enlarge(Colormap.BlueRed.Paint(levels, Width, Height), cell), i * ((Width * cell) + Gap), 0);
            }

            return canvas.Picture;
        }
    }
}

/// <summary>A filter's weights.</summary>
/// <param name="Layer">A convolution.</param>
/// <param name="Filter">Which.</param>
/// <param name="Shape">Input channels, height, width.</param>
/// <param name="Weights">In C order.</param>
/// <param name="LargestOfLayer">Largest magnitude of the layer.</param>
public sealed record KernelFigures(string Layer, int Filter, IReadOnlyList<int> Shape, IReadOnlyList<float> Weights, double LargestOfLayer);
