using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.Classes;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Attribution methods that cover parts of the image and need only the network's outputs.</summary>
internal sealed class Perturbation(PerturbationScores scores)
{
    private const int WindowsPerSide = 5;
    private const int MaskCells = 8;
    private const double KeepProbability = 0.5;

    /// <summary>
    /// Slides a window of a fifth of each side in steps of half its size; a pixel's value is the mean drop in score over the windows that
    /// cover it.
    /// </summary>
    public Outcome<Explanation> Occlusion(ExplainTask task)
    {
        var (rows, columns) = (Starts(task.Height), Starts(task.Width));
        var (high, wide) = (Window(task.Height), Window(task.Width));
        var fill = BaselineImages.MeanColor(task.Plan.Model.Manifest.Preprocessing, task.Image.Channels);
        var losses = new double[task.Height * task.Width];
        var covers = new int[losses.Length];
        var asked = scores.Ask(task, rows.Count * columns.Count, Copy, (number, logits) =>
        {
            var loss = task.Target.Score - ClassTarget.ScoreOf(logits.Span, task.Target.OutputWeights);
            foreach (var pixel in Pixels(number))
            {
                losses[pixel] += loss;
                covers[pixel]++;
            }
        });
        return asked.Bind<Explanation>(_ => task.Whole([.. losses.Zip(covers, (loss, count) => (float)(loss / count))]) with
        {
            Figures = new Dictionary<string, double>
            {
                ["windows"] = rows.Count * columns.Count,
                ["windowHeight"] = high,
                ["windowWidth"] = wide,
            },
        });

        IEnumerable<int> Pixels(int number) =>
            from y in Enumerable.Range(rows[number / columns.Count], high)
            from x in Enumerable.Range(columns[number % columns.Count], wide)
            select (y * task.Width) + x;

        byte[] Copy(int number)
        {
            var hidden = Pixels(number).ToHashSet();
            return Cover(task.Image, fill, pixel => hidden.Contains(pixel) ? 0 : 1);
        }
    }

    /// <summary>
    /// RISE: random masks of 8x8 cells, each kept with probability ½, enlarged bilinearly and shifted. A pixel's value is <c>Σ (p − mean
    /// p)·M / (N·½)</c>: how much more probable the class is when the pixel is visible.
    /// </summary>
    public Outcome<Explanation> Rise(ExplainTask task)
    {
        var count = task.Plan.Samples;
        var fill = BaselineImages.MeanColor(task.Plan.Model.Manifest.Preprocessing, task.Image.Channels);
        var probabilities = new double[count];
        var asked = scores.Ask(
            task,
            count,
            number => Mask(task, number) is var mask ? Cover(task.Image, fill, pixel => mask[pixel]) : [],
            (number, logits) => probabilities[number] = ClassTarget.ProbabilityOf(task.Plan.Model.Network, logits.Span, task.Target.Index));
        return asked.Bind<Explanation>(_ =>
        {
            var mean = probabilities.Average();
            var sums = new double[task.Height * task.Width];
            for (var number = 0; number < count; number++)
            {
                var (mask, gain) = (Mask(task, number), probabilities[number] - mean);
                for (var pixel = 0; pixel < sums.Length; pixel++)
                {
                    sums[pixel] += gain * mask[pixel];
                }
            }

            return task.Whole([.. sums.Select(sum => (float)(sum / (count * KeepProbability)))]) with
            {
                Figures = new Dictionary<string, double> { ["masks"] = count, ["meanProbability"] = mean },
            };
        });
    }

    /// <summary>Blends the image with the fill colour; a mask value of 1 keeps the pixel, 0 replaces it.</summary>
    /// <param name="image">The original; not changed.</param>
    /// <param name="fill">Fill colour, one value 0–1 a channel.</param>
    /// <param name="share">Mask value of a pixel, 0–1, by its index.</param>
    public static byte[] Cover(PixelBuffer image, float[] fill, Func<int, float> share)
    {
        var result = new byte[image.Data.Length];
        for (var pixel = 0; pixel < result.Length / fill.Length; pixel++)
        {
            var seen = share(pixel);
            for (var channel = 0; channel < fill.Length; channel++)
            {
                var place = (pixel * fill.Length) + channel;
                result[place] = (byte)Math.Round((seen * image.Data[place]) + ((1 - seen) * 255 * fill[channel]),
                    MidpointRounding.AwayFromZero);
            }
        }

        return result;
    }

    private static int Window(int side) => Math.Max(1, (side + (WindowsPerSide / 2)) / WindowsPerSide);

    /// <summary>Top or left edges of the windows; the last window ends at the border, so that every pixel is covered.</summary>
    private static List<int> Starts(int side)
    {
        var (window, starts) = (Window(side), new List<int>());
        for (var start = 0; start < side - window; start += Math.Max(1, window / 2))
        {
            starts.Add(start);
        }

        starts.Add(side - window);
        return starts;
    }

    /// <summary>The mask, <c>[H,W]</c>, 0–1, a pure function of the seed and the mask's number.</summary>
    private static float[] Mask(ExplainTask task, int number)
    {
        var random = new CounterRandom((ulong)task.Plan.Seed, 0x815E, (ulong)number);
        var cells = new float[(MaskCells + 1) * (MaskCells + 1)];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = random.NextDouble() < KeepProbability ? 1 : 0;
        }

        var (cellHeight, cellWidth) = ((task.Height + MaskCells - 1) / MaskCells, (task.Width + MaskCells - 1) / MaskCells);
        var (height, width) = ((MaskCells + 1) * cellHeight, (MaskCells + 1) * cellWidth);
        var large = Resampling.Bilinear(cells, MaskCells + 1, MaskCells + 1, height, width);
        var (down, along) = (random.NextInt32(cellHeight), random.NextInt32(cellWidth));
        var mask = new float[task.Height * task.Width];
        for (var y = 0; y < task.Height; y++)
        {
            large.AsSpan(((y + down) * width) + along, task.Width).CopyTo(mask.AsSpan(y * task.Width));
        }

        return mask;
    }
}
