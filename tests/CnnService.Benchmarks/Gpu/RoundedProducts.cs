using CnnService.Core.Common;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Benchmarks.Gpu;

/// <summary>
/// A convolution in bfloat16 on a device, by the kernel that the service takes there, forward and backward, against sums in double
/// precision in plain loops, of factors that bfloat16 holds exactly. A product of two such factors is exact in float32; so with sums in
/// float32 and one rounding at the end, the error of an element y = Σ a·b of n terms is at most u|y| + n·e·Σ|a·b|, with u = 2^-8 and
/// e = 2^-24. Compared by length over all elements: partial sums that are rounded on the way, as on tensor cores, add to the error like
/// independent draws, far below the bound.
/// </summary>
internal static class RoundedProducts
{
    private const int Images = 4;
    private const int Channels = 16;
    private const int Filters = 24;
    private const int Side = 14;
    private const int Kernel = 3;
    private const double Roundoff = 1.0 / 256;
    private const double SumRoundoff = 1.0 / (1 << 24);

    public static CheckResult Check(Device device)
    {
        using var scope = NewDisposeScope();
        var (x, w, g) = (Draw(1, Images * Channels * Side * Side), Draw(2, Filters * Channels * Kernel * Kernel),
            Draw(3, Images * Filters * Side * Side));
        var image = On(x, [Images, Channels, Side, Side]).requires_grad_(true);
        var kernel = On(w, [Filters, Channels, Kernel, Kernel]).requires_grad_(true);
        var result = new Convolution(new(1, 1), new(1, 1), new(1, 1), Groups: 1).Apply(image, kernel, bias: null);
        var gradients = Gradients.Compute(result, [image, kernel], On(g, [Images, Filters, Side, Side]));
        var sums = Sums(x, w, g);
        (string Name, Sum[] Sums, float[] Found)[] parts =
        [
            ("forward", sums.Forward, Vectors.Read(result)),
            ("byImage", sums.ByImage, Vectors.Read(gradients[0])),
            ("byKernel", sums.ByKernel, Vectors.Read(gradients[1])),
        ];
        var judged = parts.Select(part => (part.Name, Error: Error(part.Sums, part.Found), Limit: Limit(part.Sums))).ToArray();
        return new(judged.All(part => part.Error <= part.Limit),
        [
            ("device", device.ToString()), .. judged.SelectMany(part => new (string, object?)[]
            {
                (part.Name, part.Error), ($"{part.Name}Limit", part.Limit),
            }),
        ]);

        Tensor On(float[] values, long[] shape)
        {
            return tensor(values, shape, device: device).to(ScalarType.BFloat16);
        }
    }

    /// <summary>Normal numbers, rounded to what bfloat16 holds: the upper half of a float32.</summary>
    private static float[] Draw(ulong key, int count)
    {
        var random = new CounterRandom(key);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
        {
            value = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits((float)random.NextGaussian()) & ~0xFFFF);
        }

        return values;
    }

    /// <summary>Each pair of a pixel and an output cell under it, once, in all three sums.</summary>
    private static (Sum[] Forward, Sum[] ByImage, Sum[] ByKernel) Sums(float[] x, float[] w, float[] g)
    {
        var (forward, byImage, byKernel) = (new Sum[g.Length], new Sum[x.Length], new Sum[w.Length]);
        for (var cell = 0; cell < g.Length; cell++)
        {
            var (n, f, row, column) = (cell / (Filters * Side * Side), cell / (Side * Side) % Filters, cell / Side % Side, cell % Side);
            for (var tap = 0; tap < Channels * Kernel * Kernel; tap++)
            {
                var (c, down, right) = (tap / (Kernel * Kernel), (tap / Kernel % Kernel) + row - 1, (tap % Kernel) + column - 1);
                if (down is >= 0 and < Side && right is >= 0 and < Side)
                {
                    var pixel = (((n * Channels) + c) * Side * Side) + (down * Side) + right;
                    var weight = (f * Channels * Kernel * Kernel) + tap;
                    forward[cell].Add(x[pixel], w[weight]);
                    byImage[pixel].Add(g[cell], w[weight]);
                    byKernel[weight].Add(g[cell], x[pixel]);
                }
            }
        }

        return (forward, byImage, byKernel);
    }

    private static double Error(Sum[] sums, float[] found) =>
        Math.Sqrt(sums.Zip(found, (sum, value) => Math.Pow(sum.Value - value, 2)).Sum() / sums.Sum(sum => sum.Value * sum.Value));

    private static double Limit(Sum[] sums) => Math.Sqrt(
        sums.Sum(sum => Math.Pow((Roundoff * Math.Abs(sum.Value)) + (sum.Terms * SumRoundoff * sum.Magnitude), 2))
            / sums.Sum(sum => sum.Value * sum.Value));

    private struct Sum
    {
        public double Value { get; private set; }

        public double Magnitude { get; private set; }

        public int Terms { get; private set; }

        public void Add(double one, double other)
        {
            Value += one * other;
            Magnitude += Math.Abs(one * other);
            Terms++;
        }
    }
}
