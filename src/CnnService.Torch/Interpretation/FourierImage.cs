using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// An image written as its spectrum (Olah, Mordvintsev and Schubert, "Feature Visualization", 2017): steps of one length in every
/// frequency make natural images, whose amplitudes fall with the frequency, where steps in pixels make noise. Colours are
/// decorrelated likewise. Either can be left out: then it is made of pixels, or of plain red, green and blue. Owns its tensors.
/// </summary>
internal sealed class FourierImage : IDisposable
{
    /// <summary>
    /// Part of a side that is drawn beyond each edge and never shown: the transforms seldom bring it into view, so that it
    /// takes up what balances the image, which would be a frame around it.
    /// </summary>
    private const double Margin = 1 / 8.0;

    /// <summary>Brings the sum over all frequencies into the middle of the sigmoid.</summary>
    private const double Contrast = 0.25;

    private const double Quarter = 0.25;

    /// <summary>The square root of the covariance of natural images' colours; rows are red, green, blue.</summary>
    private static readonly double[] Colors = [0.26, 0.09, 0.02, 0.27, 0.00, -0.05, 0.27, -0.09, 0.03];

    private readonly Size2 _size;
    private readonly int _channels;
    private readonly Device _device;
    private readonly Tensor? _amplitudes;
    private readonly Tensor? _colors;

    /// <summary>For a job's patterns.</summary>
    /// <param name="job">Says how large it is, and what it is made of.</param>
    /// <param name="device">Where it is drawn.</param>
    /// <param name="isLinear">It is for a layer that is linear in the image.</param>
    internal FourierImage(PatternJob job, Device device, bool isLinear)
        : this(job.Size, job.Model.Network.Spec.Input.Channels, device, job.Request, isLinear)
    {
    }

    /// <param name="size">Of the image, odd sides included.</param>
    /// <param name="channels">3, or 1: grey.</param>
    /// <param name="device">Where it is drawn.</param>
    /// <param name="request">Says what it is made of; null: the default.</param>
    /// <param name="isLinear">It is for a layer that is linear in the image.</param>
    internal FourierImage(Size2 size, int channels, Device device, PatternRequest? request = null, bool isLinear = false)
    {
        (_size, _device) = (size, device);
        Canvas = new(WithMargins(size.Height), WithMargins(size.Width));
        _channels = channels;
        _amplitudes = request?.InPixels ?? (isLinear && request?.Decay == 1) ? null
            : tensor(Amplitudes(Canvas, request?.Decay ?? 1), [Canvas.Height, Columns, 1], ScalarType.Float32, device: device)
                .DetachFromDisposeScope();
        IsSmooth = _amplitudes is null && request?.InPixels is null;
        _colors = channels == 3 && request is not { Decorrelates: false }
            ? tensor(Normalized(request?.Colors ?? Colors), [3, 3], ScalarType.Float32, device: device).DetachFromDisposeScope()
            : null;
    }

    /// <summary>It is made of smoothed pixels, for a layer that is linear in the image.</summary>
    internal bool IsSmooth { get; }

    /// <summary>The image and its margins.</summary>
    internal Size2 Canvas { get; }

    /// <summary>A real image's spectrum is symmetric: half of it, the middle column included, says all.</summary>
    private int Columns => (Canvas.Width / 2) + 1;

    /// <summary>A random spectrum <c>[1,C,H,W/2+1,2]</c>, real and imaginary parts normal; or random pixels <c>[1,C,H,W]</c>.</summary>
    internal Tensor Start(CounterRandom random, double deviation)
    {
        long[] shape = _amplitudes is null ? [1, _channels, Canvas.Height, Canvas.Width] : [1, _channels, Canvas.Height, Columns, 2];
        var parts = new float[shape.Aggregate((product, side) => product * side)];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = (float)(deviation * random.NextGaussian());
        }

        return tensor(parts, shape, ScalarType.Float32, device: _device);
    }

    /// <summary>The image <c>[1,C,H,W]</c>, RGB, 0–1.</summary>
    internal Tensor Show(Tensor position)
    {
        using var canvas = Draw(position);
        using var rows = canvas.narrow(2, (Canvas.Height - _size.Height) / 2, _size.Height);
        return rows.narrow(3, (Canvas.Width - _size.Width) / 2, _size.Width);
    }

    /// <summary>The canvas <c>[1,C,H,W]</c>, RGB, 0–1.</summary>
    internal Tensor Draw(Tensor position)
    {
        using var scope = NewDisposeScope();
        var planes = _amplitudes is null
            ? IsSmooth ? Smooth(Smooth(position, 2), 3) : position
            : fft.irfft2(position.mul(_amplitudes).view_as_complex(), [Canvas.Height, Canvas.Width], [-2, -1], FFTNormType.Ortho);
        var colored = _colors is null ? planes : _colors.matmul(planes.flatten(2)).view(planes.shape);
        return colored.sigmoid().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _amplitudes?.Dispose();
        _colors?.Dispose();
    }

    /// <summary>Each with its two neighbours, one to two to one: no pixel stands alone, as the checkerboards would that kernels of three
    /// cells answer most to.</summary>
    private static Tensor Smooth(Tensor planes, long dimension)
    {
        using var scope = NewDisposeScope();
        var sum = planes.roll(1, dimension).add(planes.roll(-1, dimension), OwnedScalars.One).add(planes, alpha: OwnedScalars.Create(2));
        return sum.mul(OwnedScalars.Create(Quarter)).MoveToOuterDisposeScope();
    }

    /// <summary>The next side with margins alike and no prime factor over 13: with a large one the transform takes several times as
    /// long.</summary>
    private static int WithMargins(int side)
    {
        var canvas = side + (2 * (int)Math.Ceiling(side * Margin));
        while (!HasSmallFactors(canvas))
        {
            canvas += 2;
        }

        return canvas;
    }

    private static bool HasSmallFactors(int number)
    {
        foreach (var prime in new[] { 2, 3, 5, 7, 11, 13 })
        {
            while (number % prime == 0)
            {
                number /= prime;
            }
        }

        return number == 1;
    }

    /// <summary>Falling with the frequency, steeply or not at all, but with the same energy: else a steep fall is a burnt image and a flat
    /// one is grey.</summary>
    private static float[] Amplitudes(Size2 size, double decay)
    {
        var usual = Amplitudes(size, 1, Contrast);
        if (decay == 1)
        {
            return usual;
        }

        var plain = Amplitudes(size, decay, 1);
        return Amplitudes(size, decay, Length(usual) / Length(plain));
    }

    private static float[] Amplitudes(Size2 size, double decay, double contrast)
    {
        var columns = (size.Width / 2) + 1;
        var floor = 1.0 / Math.Max(size.Height, size.Width);
        var amplitudes = new float[size.Height * columns];
        for (var i = 0; i < amplitudes.Length; i++)
        {
            var row = i / columns;
            var vertical = (double)Math.Min(row, size.Height - row) / size.Height;
            var horizontal = (double)(i % columns) / size.Width;
            amplitudes[i] = (float)(contrast
                / Math.Pow(Math.Max(Math.Sqrt((vertical * vertical) + (horizontal * horizontal)), floor), decay));
        }

        return amplitudes;
    }

    private static double Length(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));

    /// <summary>Divided by the length of the longest column.</summary>
    private static double[] Normalized(IReadOnlyList<double> matrix)
    {
        var longest = Enumerable.Range(0, 3)
            .Max(column => Math.Sqrt(Enumerable.Range(0, 3).Sum(row => Math.Pow(matrix[(3 * row) + column], 2))));
        return [.. matrix.Select(value => value / longest)];
    }
}
