using System.Numerics;
using CnnService.Core.Common;
using CnnService.Torch.Interpretation;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Interpretation;

[Collection(TorchSuite.Name)]
public sealed class FourierImageTests
{
    [Theory]
    [InlineData(8, 8)]
    [InlineData(7, 12)]
    [InlineData(9, 6)]
    public void Draw_GreySpectrum_IsTheSumOfItsWaves(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var image = new FourierImage(new(height, width), 1, CPU);
        var spectrum = image.Start(new CounterRandom(1), 1);

        var drawn = image.Draw(spectrum).data<float>().ToArray();

        var (rows, columns) = (image.Canvas.Height, image.Canvas.Width);
        var parts = spectrum.data<float>().ToArray();
        for (var i = 0; i < drawn.Length; i++)
        {
            Assert.Equal(Sigmoid(Wave(parts, rows, columns, i / columns, i % columns)), drawn[i], 1e-5);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(new[] { 0.5, 0.1, 0, 0.2, 0, 0.3, 0, 0.4, 0.1 })]
    public void Draw_ColorSpectrum_MixesThePlanesByTheColorMatrix(double[]? colors)
    {
        using var scope = NewDisposeScope();
        using var color = new FourierImage(new(8, 8), 3, CPU, new() { Colors = colors });
        using var grey = new FourierImage(new(8, 8), 1, CPU);
        var spectrum = color.Start(new CounterRandom(2), 1);
        var planes = Enumerable.Range(0, 3).Select(c => grey.Draw(spectrum.narrow(1, c, 1)).logit().flatten().data<float>().ToArray())
            .ToArray();
        var drawn = color.Draw(spectrum).flatten(2).logit();

        var matrix = colors ?? [0.26, 0.09, 0.02, 0.27, 0, -0.05, 0.27, -0.09, 0.03];
        var longest = Math.Sqrt((matrix[0] * matrix[0]) + (matrix[3] * matrix[3]) + (matrix[6] * matrix[6]));
        for (var channel = 0; channel < 3; channel++)
        {
            var values = drawn[0, channel].data<float>().ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                var expected = Enumerable.Range(0, 3).Sum(c => matrix[(3 * channel) + c] / longest * planes[c][i]);
                Assert.Equal(expected, values[i], 1e-3);
            }
        }
    }

    /// <summary>Amplitudes fall by the power of the frequency, and hold the same energy whatever the power.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void Draw_AnotherDecay_IsItsPowerOfTheFrequency(double decay)
    {
        using var scope = NewDisposeScope();
        using var image = new FourierImage(new(8, 8), 1, CPU, new() { Decay = decay });
        var spectrum = image.Start(new CounterRandom(1), 1);
        var (rows, columns) = (image.Canvas.Height, image.Canvas.Width);
        var half = (columns / 2) + 1;
        double Energy(double power) =>
            Enumerable.Range(0, rows * half).Sum(i => Math.Pow(Frequency(i / half, i % half, rows, columns), -2 * power));
        var contrast = 0.25 * Math.Sqrt(Energy(1) / Energy(decay));

        var drawn = image.Draw(spectrum).data<float>().ToArray();

        var parts = spectrum.data<float>().ToArray();
        for (var i = 0; i < drawn.Length; i++)
        {
            Assert.Equal(Sigmoid(Wave(parts, rows, columns, i / columns, i % columns, decay, contrast)), drawn[i], 1e-5);
        }
    }

    [Fact]
    public void Draw_PixelsOfPlainColors_AreTheirSigmoids()
    {
        using var scope = NewDisposeScope();
        using var image = new FourierImage(new(8, 12), 3, CPU, new() { InPixels = true, Decorrelates = false });
        var position = image.Start(new CounterRandom(3), 1);
        Assert.Equal([1, 3, image.Canvas.Height, image.Canvas.Width], position.shape);
        Assert.True(image.Draw(position).allclose(position.sigmoid()));
    }

    [Theory]
    [InlineData(32, 33)]
    [InlineData(45, 31)]
    public void Show_AnySize_IsTheMiddleOfTheCanvas(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var image = new FourierImage(new(height, width), 3, CPU);
        var spectrum = image.Start(new CounterRandom(3), 0.1);
        var shown = image.ToImage(spectrum);
        Assert.Equal([1, 3, height, width], shown.shape);
        var (top, left) = ((image.Canvas.Height - height) / 2, (image.Canvas.Width - width) / 2);
        using var canvas = image.Draw(spectrum);
        Assert.Equal(canvas[0, 1, top, left].item<float>(), shown[0, 1, 0, 0].item<float>());
        Assert.Equal(0, (image.Canvas.Height - height) % 2);
    }

    [Fact]
    public void Canvas_OfEverySide_HasEvenMarginsThatAreNotWasteful()
    {
        for (var side = 32; side <= 512; side++)
        {
            using var image = new FourierImage(new(side, 32), 1, CPU);
            var margins = image.Canvas.Height - side;
            Assert.Equal(0, margins % 2);
            Assert.InRange(margins / 2.0 / side, 1 / 8.0, 0.22);
        }

        using var article = new FourierImage(new(150, 150), 3, CPU);
        Assert.Equal(192, article.Canvas.Height); // 188 is 4 x 47
    }

    [Fact]
    public void Start_FaintSpectrum_IsAlmostGrey()
    {
        using var scope = NewDisposeScope();
        using var image = new FourierImage(new(96, 96), 3, CPU);
        var start = image.ToImage(image.Start(new CounterRandom(4), 0.01));
        Assert.Equal(0.5, start.mean().item<float>(), 0.02);
        Assert.InRange(start.std().item<float>(), 1e-4, 0.02);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The value at a place, in double precision: each column of frequencies stands for its mirror image too.</summary>
    private static double Wave(float[] parts, int rows, int columns, int y, int x, double decay = 1, double contrast = 0.25)
    {
        var half = (columns / 2) + 1;
        var sum = 0.0;
        for (var u = 0; u < half; u++)
        {
            for (var v = 0; v < rows; v++)
            {
                var i = 2 * ((v * half) + u);
                var amplitude = contrast / Math.Pow(Frequency(v, u, rows, columns), decay);
                var turn = Complex.FromPolarCoordinates(1, 2 * Math.PI * (((double)v * y / rows) + ((double)u * x / columns)));
                var isOwnMirror = u == 0 || 2 * u == columns;
                sum += (isOwnMirror ? 1 : 2) * amplitude * (new Complex(parts[i], parts[i + 1]) * turn).Real;
            }
        }

        return sum / Math.Sqrt(rows * columns);
    }

    private static double Frequency(int v, int u, int rows, int columns)
    {
        var (fy, fx) = ((double)Math.Min(v, rows - v) / rows, (double)u / columns);
        return Math.Max(Math.Sqrt((fx * fx) + (fy * fy)), 1.0 / Math.Max(rows, columns));
    }
}
