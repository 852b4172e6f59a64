using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>An image that says nothing, to compare with.</summary>
public enum BaselineKind
{
    /// <summary>The mean colour of what the network was trained on, where its preprocessing tells it; else grey 0.45.</summary>
    Mean,
    Black,
    White,

    /// <summary>The image itself, blurred beyond recognition.</summary>
    Blur,

    /// <summary>Random values.</summary>
    Noise,
}

/// <summary>Makes baselines.</summary>
internal static class Baselines
{
    private const float Grey = 0.45f;

    /// <summary>Red, green and blue (or grey), 0–1.</summary>
    public static float[] MeanColor(Preprocessing preprocessing, int channels)
    {
        if (preprocessing.Mean.All(mean => mean == 0))
        {
            return [.. Enumerable.Repeat(Grey, channels)];
        }

        var planes = preprocessing.Mean.Select(mean => (float)Math.Clamp(mean / preprocessing.Scale / byte.MaxValue, 0, 1));
        return preprocessing.ChannelOrder == ChannelOrder.Bgr ? [.. planes.Reverse()] : [.. planes];
    }

    /// <param name="plan">Says which.</param>
    /// <param name="image"><c>[H,W,C]</c>, 0–1.</param>
    /// <returns>In the same form.</returns>
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
