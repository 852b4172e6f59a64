using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>The reference image of integrated gradients.</summary>
public enum BaselineKind
{
    /// <summary>The channel means of the training images if the preprocessing contains them; else grey 0.45.</summary>
    Mean,
    Black,
    White,

    /// <summary>The image itself after a strong Gaussian blur.</summary>
    Blur,

    /// <summary>Random pixels.</summary>
    Noise,
}

/// <summary>Creates baselines.</summary>
internal static class BaselineImages
{
    private const float Grey = 0.45f;

    /// <summary>Mean per channel, red, green and blue or grey, 0–1.</summary>
    public static float[] MeanColor(Preprocessing preprocessing, int channels)
    {
        if (preprocessing.Mean.All(mean => mean == 0))
        {
            return [.. Enumerable.Repeat(Grey, channels)];
        }

        var planes = preprocessing.Mean.Select(mean => (float)Math.Clamp(mean / preprocessing.Scale / byte.MaxValue, 0, 1));
        return preprocessing.ChannelOrder == ChannelOrder.Bgr ? [.. planes.Reverse()] : [.. planes];
    }

    /// <param name="plan">Gives kind, seed and preprocessing.</param>
    /// <param name="image">The image to explain, <c>[H,W,C]</c>, 0–1.</param>
    /// <returns>The baseline, <c>[H,W,C]</c>, 0–1.</returns>
    public static float[] Create(ExplanationPlan plan, float[] image)
    {
        var input = plan.Model.Network.Spec.Input;
        return plan.Baseline switch
        {
            BaselineKind.Mean => Repeat(MeanColor(plan.Model.Manifest.Preprocessing, input.Channels), image.Length),
            BaselineKind.Black => new float[image.Length],
            BaselineKind.White => Repeat([1], image.Length),
            BaselineKind.Blur => Blur.Apply(image, input, Math.Max(input.Height, input.Width) / 20.0),
            BaselineKind.Noise => Noise(image.Length, plan.Seed),
            _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.Baseline, "is no baseline"),
        };
    }

    private static float[] Repeat(float[] color, int length)
    {
        var values = new float[length];
        for (var i = 0; i < length; i++)
        {
            values[i] = color[i % color.Length];
        }

        return values;
    }

    private static float[] Noise(int length, int seed)
    {
        var random = new CounterRandom((ulong)seed, 0xBA5E);
        var values = new float[length];
        for (var i = 0; i < length; i++)
        {
            values[i] = (float)random.NextDouble();
        }

        return values;
    }
}
