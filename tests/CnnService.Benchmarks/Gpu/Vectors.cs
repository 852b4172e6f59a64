using static TorchSharp.torch;

namespace CnnService.Benchmarks.Gpu;

/// <summary>Tensors as plain numbers, and how far apart two are.</summary>
internal static class Vectors
{
    public static float[] Read(Tensor values) => values.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();

    /// <summary>Length of the difference, relative to the length of what is expected.</summary>
    public static double Difference(IReadOnlyList<float> expected, IReadOnlyList<float> found) => Math.Sqrt(
        expected.Zip(found, (a, b) => Math.Pow(a - b, 2)).Sum() / Math.Max(1e-30, expected.Sum(a => (double)a * a)));
}
