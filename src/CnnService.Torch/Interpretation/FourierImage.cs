using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// An image parameterized by its Fourier spectrum (Olah, Mordvintsev and Schubert, "Feature Visualization", 2017): equal steps in
/// frequencies scaled by 1/f give images with natural statistics, where equal steps in pixels give high-frequency noise. Colours are
/// decorrelated in the same spirit. Both are optional; without them the parameters are pixels, or plain RGB. Owns its tensors.
/// </summary>
internal sealed class FourierImage : IDisposable
{
    /// <summary>
    /// Share of each side that is drawn beyond every edge and cropped off. The transforms seldom bring the margin into view, so that it
    /// absorbs the compensating energy that would otherwise appear as a frame.
    /// </summary>
    private const double Margin = 1 / 8.0;

    /// <summary>Scales the sum over all frequencies into the sensitive range of the sigmoid.</summary>
    private const double Contrast = 0.25;

    private const double Quarter = 0.25;

    /// <summary>Square root of the colour covariance of natural images; the rows are red, green and blue.</summary>
    private static readonly double[] Colors = [0.26, 0.09, 0.02, 0.27, 0.00, -0.05, 0.27, -0.09, 0.03];

    private readonly Size2 _size;
    private readonly int _channels;
    private readonly Device _device;
    private readonly Tensor? _amplitudes;
    private readonly Tensor? _colors;

    /// <summary>The parameterization that a job asks for.</summary>
    /// <param name="job">Gives the size and the parameterization.</param>
    /// <param name="device">Device of the tensors.</param>
    /// <param name="isLinear">True for a layer that is linear in the image.</param>
    internal FourierImage(PatternJob job, Device device, bool isLinear)
        : this(job.Size, job.Model.Network.Spec.Input.Channels, device, job.Request, isLinear)
    {
    }

    /// <param name="size">Size of the image in pixels; odd sides are allowed.</param>
    /// <param name="channels">3, or 1 for grey.</param>
    /// <param name="device">Device of the tensors.</param>
    /// <param name="request">Gives the parameterization; null for the default.</param>
    /// <param name="isLinear">True for a layer that is linear in the image.</param>
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

    /// <summary>True if the parameters are pixels that are smoothed before use, as for a layer that is linear in the image.</summary>
    internal bool IsSmooth { get; }

    /// <summary>Size of the image with its margins, in pixels.</summary>
    internal Size2 Canvas { get; }

    /// <summary>Columns of the half spectrum, which determines a real image because the full spectrum is conjugate-symmetric.</summary>
    private int Columns => (Canvas.Width / 2) + 1;

    /// <summary>
    /// Random parameters: a spectrum <c>[1,C,H,W/2+1,2]</c> with normal real and imaginary parts, or normal pixels <c>[1,C,H,W]</c>.
    /// </summary>
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

    /// <summary>The image without margins, <c>[1,C,H,W]</c>, RGB, 0–1.</summary>
    internal Tensor ToImage(Tensor position)
    {
        using var canvas = Draw(position);
        using var rows = canvas.narrow(2, (Canvas.Height - _size.Height) / 2, _size.Height);
        return rows.narrow(3, (Canvas.Width - _size.Width) / 2, _size.Width);
    }

    /// <summary>The image with margins, <c>[1,C,H,W]</c>, RGB, 0–1. The gradient flows through it.</summary>
    internal Tensor Draw(Tensor position)
    {
        using var scope = NewDisposeScope();
        var planes = _amplitudes is null
            ? IsSmooth ? Smooth(Smooth(position, 2), 3) : position
            : fft.irfft2(Spectrum(position), [Canvas.Height, Canvas.Width], [-2, -1], FFTNormType.Ortho);
        return (_colors is null ? planes : Colored(planes)).sigmoid().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _amplitudes?.Dispose();
        _colors?.Dispose();
    }

    private Tensor Colored(Tensor planes) => _colors!.expand(planes.shape[0], 3, 3).bmm(planes.flatten(2)).view(planes.shape);

    private Tensor Spectrum(Tensor position)
    {
        var scaled = position.mul(_amplitudes!);
        return complex(scaled.select(-1, 0), scaled.select(-1, 1));
    }

    /// <summary>
    /// Filters along an axis with the kernel [1 2 1] / 4, wrapping around. It removes the checkerboards that 3x3 kernels respond to most.
    /// </summary>
    private static Tensor Smooth(Tensor planes, long dimension)
    {
        using var scope = NewDisposeScope();
        var sum = planes.roll(1, dimension).add(planes.roll(-1, dimension), OwnedScalars.One).add(planes, alpha: OwnedScalars.Create(2));
        return sum.mul(OwnedScalars.Create(Quarter)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The smallest side with equal margins of at least 1/8 and no prime factor above 13: the FFT takes several times as long with a
    /// large one.
    /// </summary>
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

    /// <summary>
    /// Amplitudes that fall as 1/f^decay, rescaled to the energy of decay 1: otherwise a steep fall would saturate the image and a flat one
    /// would leave it grey.
    /// </summary>
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

    /// <summary>The matrix divided by the length of its longest column.</summary>
    private static double[] Normalized(IReadOnlyList<double> matrix)
    {
        var longest = Enumerable.Range(0, 3)
            .Max(column => Math.Sqrt(Enumerable.Range(0, 3).Sum(row => Math.Pow(matrix[(3 * row) + column], 2))));
        return [.. matrix.Select(value => value / longest)];
    }
}
