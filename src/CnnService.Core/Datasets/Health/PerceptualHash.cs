namespace CnnService.Core.Datasets.Health;

/// <summary>
/// A perceptual hash of 64 bits: the signs, against their median, of the lowest frequencies of the discrete cosine transform of the
/// brightness (Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010). Images that look alike differ in few
/// bits; whether two are the same image is for <see cref="ImageAlignment"/> to decide.
/// </summary>
internal static class PerceptualHash
{
    private const int Side = 32;
    private const int Frequencies = 8;

    /// <summary>Cosines, <c>[frequency][place]</c>.</summary>
    private static readonly float[][] Cosines = [.. Enumerable.Range(0, Frequencies).Select(frequency =>
        Enumerable.Range(0, Side).Select(place => (float)Math.Cos(Math.PI * frequency * (place + 0.5) / Side)).ToArray())];

    /// <summary>The hashes of an image's <see cref="Window.Crops"/>, in their order.</summary>
    public static ulong[] OfCrops(LumaSquare image)
    {
        var luma = new float[Side * Side];
        return [.. Window.Crops.Select(window =>
        {
            image.Resample(window, Side, samples: 2, luma);
            return Compute(luma);
        })];
    }

    /// <param name="luma">32 by 32 values.</param>
    private static ulong Compute(ReadOnlySpan<float> luma)
    {
        Span<float> coefficients = stackalloc float[Frequencies * Frequencies];
        Transform(luma, coefficients);
        Span<float> sorted = stackalloc float[coefficients.Length - 1];
        coefficients[1..].CopyTo(sorted); // The mean brightness says nothing about what is to be seen.
        sorted.Sort();
        var median = sorted[sorted.Length / 2];
        ulong hash = 0;
        for (var i = 1; i < coefficients.Length; i++)
        {
            hash |= coefficients[i] > median ? 1UL << i : 0;
        }

        return hash;
    }

    /// <summary>The lowest frequencies in both directions: along the rows first, then down the columns.</summary>
    private static void Transform(ReadOnlySpan<float> luma, Span<float> coefficients)
    {
        Span<float> rows = stackalloc float[Frequencies * Side];
        for (var y = 0; y < Side; y++)
        {
            for (var u = 0; u < Frequencies; u++)
            {
                rows[(u * Side) + y] = System.Numerics.Tensors.TensorPrimitives.Dot(luma.Slice(y * Side, Side), Cosines[u]);
            }
        }

        for (var v = 0; v < Frequencies; v++)
        {
            for (var u = 0; u < Frequencies; u++)
            {
                coefficients[(v * Frequencies) + u] = System.Numerics.Tensors.TensorPrimitives.Dot(rows.Slice(u * Side, Side), Cosines[v]);
            }
        }
    }
}
