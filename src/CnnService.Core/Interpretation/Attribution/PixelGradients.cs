using CnnService.Core.Common;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Interpretation.Layers;
using MathNet.Numerics.Integration;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Attribution methods based on the gradient of the class score by the pixels, whose values are 0–1.</summary>
internal sealed class PixelGradients(IClassGradients gradients)
{
    private const int Batch = 8;
    private const int MaxSteps = 256;
    private const double MaxError = 0.05;

    /// <summary>Saliency: the largest gradient magnitude over the channels.</summary>
    public Outcome<Explanation> Saliency(ExplainTask task) => Ask(task, 1, _ => ImageSpace.Values(task.Image), (_, gradient, _) => gradient)
        .Bind<Explanation>(found => task.Whole(Largest(task, found[0], Math.Abs)));

    /// <summary>SmoothGrad: the mean squared gradient over noisy copies, the largest over the channels.</summary>
    public Outcome<Explanation> SmoothGrad(ExplainTask task)
    {
        var image = ImageSpace.Values(task.Image);
        var deviation = task.Plan.Noise * (image.Max() - image.Min());
        var squares = new double[image.Length];
        var asked = Ask(task, task.Plan.Samples, Noisy, (_, gradient, _) =>
        {
            for (var i = 0; i < squares.Length; i++)
            {
                squares[i] += (double)gradient[i] * gradient[i];
            }

            return 0;
        });
        return asked.Bind<Explanation>(
            _ => task.Whole(Largest(task, [.. squares.Select(square => (float)(square / task.Plan.Samples))], value => value)) with
            {
                Figures = new Dictionary<string, double> { ["samples"] = task.Plan.Samples, ["noise"] = task.Plan.Noise },
            });

        float[] Noisy(int number)
        {
            var random = new CounterRandom((ulong)task.Plan.Seed, 0x5006, (ulong)number);
            return [.. image.Select(value => (float)(value + (deviation * random.NextGaussian())))];
        }
    }

    /// <summary>
    /// Integrated gradients; doubles the steps until the completeness error is at most 5 %, or the step limit is reached.
    /// </summary>
    public Outcome<Explanation> Integrated(ExplainTask task)
    {
        for (var steps = task.Plan.Steps; ; steps *= 2)
        {
            var found = Integrate(task, steps);
            if (!found.Succeeded || found.Value.Figures["completenessError"] <= MaxError)
            {
                return found;
            }

            if (steps * 2 > MaxSteps)
            {
                return found.Value with { Status = ExplainStatus.Weak };
            }
        }
    }

    /// <summary>
    /// Integrates the gradient along the straight line from the baseline to the image by Gauss-Legendre quadrature, times the difference.
    /// </summary>
    private Outcome<Explanation> Integrate(ExplainTask task, int steps)
    {
        var image = ImageSpace.Values(task.Image);
        var baseline = BaselineImages.Create(task.Plan, image);
        var rule = new GaussLegendreRule(0, 1, steps);
        var mean = new double[image.Length];
        var ends = new double[2];

        // The baseline and the image come last, evaluated for their scores only.
        var asked = Ask(task, steps + 2, number => Between(baseline, image, number < steps ? rule.GetAbscissa(number) : number - steps),
            (number, gradient, score) =>
        {
            if (number >= steps)
            {
                ends[number - steps] = score;
                return 0;
            }

            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += rule.GetWeight(number) * gradient[i];
            }

            return 0;
        });
        return asked.Bind<Explanation>(_ =>
        {
            var values = Attribute(task, mean, image, baseline);
            var (sum, difference) = (values.Sum(), ends[1] - ends[0]);
            var error = Math.Abs(sum - difference) / Math.Max(Math.Abs(difference), 1e-6 * Math.Max(1, Math.Abs(ends[1])));
            return task.Whole([.. values.Select(value => (float)value)]) with
            {
                IsSigned = true,
                Figures = new Dictionary<string, double>
                {
                    ["steps"] = steps,
                    ["sum"] = sum,
                    ["scoreDifference"] = difference,
                    ["completenessError"] = error,
                },
            };
        });
    }

    /// <summary>Attribution per pixel, summed over the channels.</summary>
    private static double[] Attribute(ExplainTask task, double[] mean, float[] image, float[] baseline)
    {
        var (channels, area) = (task.Image.Channels, task.Height * task.Width);
        var values = new double[area];
        for (var i = 0; i < image.Length; i++)
        {
            values[i / channels] += ((double)image[i] - baseline[i]) * mean[(i % channels * area) + (i / channels)];
        }

        return values;
    }

    private static float[] Between(float[] from, float[] to, double share)
    {
        var result = new float[from.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (float)(from[i] + (share * ((double)to[i] - from[i])));
        }

        return result;
    }

    private static float[] Largest(ExplainTask task, float[] gradient, Func<float, float> size)
    {
        var area = task.Height * task.Width;
        return [.. Enumerable.Range(0, area)
            .Select(pixel => Enumerable.Range(0, task.Image.Channels).Max(channel => size(gradient[(channel * area) + pixel])))];
    }

    /// <summary>Evaluates images in batches; <c>take</c> gets the number, the gradient <c>[C,H,W]</c> and the score of each.</summary>
    private Outcome<IReadOnlyList<T>> Ask<T>(ExplainTask task, int count, Func<int, float[]> image, Func<int, float[], double, T> take)
    {
        var (space, outputs) = (task.Space, task.Plan.Model.Network.Outputs);
        return Outcome.All(Enumerable.Range(0, count).Chunk(Batch).Select(AskPart))
            .Map<IReadOnlyList<T>>(parts => [.. parts.SelectMany(part => part)]);

        Outcome<T[]> AskPart(int[] part)
        {
            task.Cancel.ThrowIfCancellationRequested();
            var planes = new float[part.Length * space.Length];
            for (var i = 0; i < part.Length; i++)
            {
                space.ToPlanes(image(part[i]), planes.AsSpan(i * space.Length, space.Length));
            }

            return gradients.Read(task.Plan.Model, new(null, planes, part.Length, task.Target.OutputWeights, task.Plan.OnGpu))
                .Map(read => part.Select((number, i) => take(
                    number,
                    space.ToImageGradient(read.Gradients.Span.Slice(i * space.Length, space.Length)),
                    ClassTarget.ScoreOf(read.Scores.Span.Slice(i * outputs, outputs), task.Target.OutputWeights))).ToArray());
        }
    }
}
