using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>Maps from the derivative by the picture itself.</summary>
/// <param name="probe">Computes it.</param>
/// <param name="score">The class.</param>
internal sealed class GradientMaps(INetworkProbe probe, ClassScore score)
{
    private const int Batch = 8;
    private const int MostSteps = 256;
    private const double Enough = 0.05;
    private const ulong Stream = 0x5A17;

    private LoadedModel Model => score.Model;

    /// <summary>The largest magnitude of the derivative over the channels (Simonyan et al., 2014).</summary>
    public Outcome<float[]> Saliency(UnitPictures picture) => probe.OfInput(Model, picture, score.Weights).Then<float[]>(gradient =>
        Largest(picture, [.. gradient.Values.Span.ToArray().Select(Math.Abs)]));

    /// <summary>The mean square of the derivative over noisy copies (Smilkov et al., 2017), the largest over the channels.</summary>
    public Outcome<float[]> Smooth(UnitPictures picture, int samples, double noise, int seed, CancellationToken cancel)
    {
        var spread = noise * (picture.Values.Max() - picture.Values.Min());
        var squares = new float[picture.Size];
        var random = new CounterRandom((ulong)seed, Stream);
        for (var done = 0; done < samples; done += Batch)
        {
            cancel.ThrowIfCancellationRequested();
            var copies = picture.Empty(Math.Min(Batch, samples - done));
            for (var copy = 0; copy < copies.Count; copy++)
            {
                AddNoise(picture.Values, copies[copy], spread, ref random);
            }

            var gradient = probe.OfInput(Model, copies, score.Weights);
            if (gradient.Problem is { } problem)
            {
                return problem;
            }

            for (var copy = 0; copy < copies.Count; copy++)
            {
                var values = gradient.Value.Values.Span.Slice(copy * picture.Size, picture.Size);
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(values, values, squares, squares);
            }
        }

        System.Numerics.Tensors.TensorPrimitives.Divide(squares, samples, squares);
        return Largest(picture, squares);
    }

    /// <summary>
    /// The derivative's integral on the straight path from a baseline, times the way (Sundararajan et al., 2017), summed over the channels:
    /// the sum over all pixels is what the logit gains. The points are doubled until that holds.
    /// </summary>
    public Outcome<(float[] Map, double Error, int Steps)> Integrated(UnitPictures picture, UnitPictures baseline, int steps, CancellationToken cancel)
    {
        var ends = picture.Empty(2);
        baseline.Values.CopyTo(ends[0]);
        picture.Values.CopyTo(ends[1]);
        return probe.Logits(Model, ends).Then(logits =>
        {
            var outputs = Model.Network.Outputs;
            var gain = score.Of(logits.AsSpan(outputs, outputs)) - score.Of(logits.AsSpan(0, outputs));
            while (true)
            {
                var found = Path(picture, baseline, steps, cancel);
                var error = found.Then<double>(map => Math.Abs(map.Sum(value => (double)value) - gain) / Math.Max(Math.Abs(gain), 1e-6));
                if (error.Problem is { } problem)
                {
                    return problem;
                }

                if (error.Value <= Enough || steps * 2 > MostSteps)
                {
                    return Outcome.Success((found.Value, error.Value, steps));
                }

                steps *= 2;
            }
        });
    }

    private Outcome<float[]> Path(UnitPictures picture, UnitPictures baseline, int steps, CancellationToken cancel)
    {
        var way = new float[picture.Size];
        System.Numerics.Tensors.TensorPrimitives.Subtract(picture.Values, baseline.Values, way);
        var mean = new float[picture.Size];
        foreach (var part in GaussLegendre.Of(steps).Chunk(Batch))
        {
            cancel.ThrowIfCancellationRequested();
            var points = picture.Empty(part.Length);
            for (var i = 0; i < part.Length; i++)
            {
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(way, (float)part[i].Node, baseline.Values, points[i]);
            }

            var gradient = probe.OfInput(Model, points, score.Weights);
            if (gradient.Problem is { } problem)
            {
                return problem;
            }

            for (var i = 0; i < part.Length; i++)
            {
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(gradient.Value.Values.Span.Slice(i * picture.Size, picture.Size), (float)part[i].Weight, mean, mean);
            }
        }

        System.Numerics.Tensors.TensorPrimitives.Multiply(mean, way, mean);
        var map = new float[picture.Height * picture.Width];
        for (var channel = 0; channel < picture.Channels; channel++)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(map, mean.AsSpan(channel * map.Length, map.Length), map);
        }

        return map;
    }

    private static float[] Largest(UnitPictures picture, ReadOnlySpan<float> values)
    {
        var map = values[..(picture.Height * picture.Width)].ToArray();
        for (var channel = 1; channel < picture.Channels; channel++)
        {
            System.Numerics.Tensors.TensorPrimitives.Max(map, values.Slice(channel * map.Length, map.Length), map);
        }

        return map;
    }

    private static void AddNoise(ReadOnlySpan<float> from, Span<float> to, double deviation, ref CounterRandom random)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = from[i] + (float)(deviation * random.NextGaussian());
        }
    }
}
