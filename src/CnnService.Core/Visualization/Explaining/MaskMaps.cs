using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>Maps from what the network says when parts of the picture are hidden: nothing is asked of it but answers.</summary>
/// <param name="probe">Answers.</param>
/// <param name="score">The class.</param>
internal sealed class MaskMaps(INetworkProbe probe, ClassScore score)
{
    private const int Batch = 32;
    private const ulong Stream = 0x415E;

    /// <summary>Cells of a RISE mask on each axis.</summary>
    private const int Cells = 8;

    private LoadedModel Model => score.Model;

    /// <summary>
    /// How far the logit falls when a window of a fifth of the side is covered with the mean colour (Zeiler and Fergus, 2014), averaged over
    /// the windows that cover a pixel; they advance by a tenth of the side.
    /// </summary>
    public Outcome<float[]> Occlusion(UnitPictures picture, CancellationToken cancel)
    {
        var windows = Windows(picture.Height, picture.Width).ToArray();
        var color = Baselines.MeanColor(Model.Manifest.Preprocessing);
        var (height, width) = (picture.Height, picture.Width);
        var (sum, count) = (new float[height * width], new float[height * width]);
        var whole = probe.Logits(Model, picture);
        return whole.Then(logits => Scores(picture, windows.Length, (i, copy) => Cover(copy, picture, windows[i], color), score.Of, cancel)).Then<float[]>(scores =>
        {
            for (var i = 0; i < windows.Length; i++)
            {
                var (top, left, rows, columns) = windows[i];
                var fall = score.Of(whole.Value) - scores[i];
                for (var y = top; y < top + rows; y++)
                {
                    System.Numerics.Tensors.TensorPrimitives.Add(sum.AsSpan((y * width) + left, columns), fall, sum.AsSpan((y * width) + left, columns));
                    System.Numerics.Tensors.TensorPrimitives.Add(count.AsSpan((y * width) + left, columns), 1f, count.AsSpan((y * width) + left, columns));
                }
            }

            System.Numerics.Tensors.TensorPrimitives.Divide(sum, count, sum);
            System.Numerics.Tensors.TensorPrimitives.Max(sum, 0f, sum);
            return sum;
        });
    }

    /// <summary>
    /// The mean of random soft masks, weighted by the probability that the network gives to what they leave (Petsiuk et al., 2018). The mean
    /// probability is taken off first: it adds nothing but the chance by which a pixel was shown more often.
    /// </summary>
    public Outcome<float[]> Rise(UnitPictures picture, int masks, int seed, CancellationToken cancel)
    {
        var color = Baselines.MeanColor(Model.Manifest.Preprocessing);
        var map = new float[picture.Height * picture.Width];
        var shown = Scores(picture, masks, (i, copy) => Show(copy, picture, Mask(i, seed, picture), color), score.ProbabilityOf, cancel);
        return shown.Then<float[]>(probabilities =>
        {
            var mean = System.Numerics.Tensors.TensorPrimitives.Sum<float>(probabilities) / masks;
            for (var i = 0; i < masks; i++)
            {
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(Mask(i, seed, picture), (probabilities[i] - mean) / (masks * 0.5f), map, map);
            }

            // What every mask shows says nothing: the least is the floor.
            System.Numerics.Tensors.TensorPrimitives.Subtract(map, System.Numerics.Tensors.TensorPrimitives.Min<float>(map), map);
            return map;
        });
    }

    /// <summary>The layer's maps, weighted by how much the logit gains over the mean colour when each shows its part of the picture (Wang et al., 2020).</summary>
    public Outcome<float[]> ScoreCam(UnitPictures picture, FeatureMaps layer, int most, CancellationToken cancel)
    {
        var color = Baselines.MeanColor(Model.Manifest.Preprocessing);
        float[][] masks =
        [
            .. Enumerable.Range(0, layer.Channels).Select(channel => layer.Map(channel).ToArray())
                .OrderByDescending(Deviation).Take(most)
                .Select(map => BilinearMap.Resize(Normalized(map), layer.Height, layer.Width, picture.Height, picture.Width)),
        ];
        var empty = probe.Logits(Model, picture.Flat(color));
        return empty.Then(_ => Scores(picture, masks.Length, (i, copy) => Show(copy, picture, masks[i], color), score.Of, cancel)).Then<float[]>(scores =>
        {
            var map = new float[picture.Height * picture.Width];
            for (var i = 0; i < masks.Length; i++)
            {
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(masks[i], Math.Max(0, scores[i] - score.Of(empty.Value)), map, map);
            }

            return map;
        });
    }

    private Outcome<float[]> Scores(UnitPictures picture, int count, Action<int, Span<float>> draw, Func<ReadOnlySpan<float>, float> rate, CancellationToken cancel)
    {
        var scores = new float[count];
        for (var done = 0; done < count; done += Batch)
        {
            cancel.ThrowIfCancellationRequested();
            var copies = picture.Empty(Math.Min(Batch, count - done));
            for (var i = 0; i < copies.Count; i++)
            {
                draw(done + i, copies[i]);
            }

            var logits = probe.Logits(Model, copies);
            if (logits.Problem is { } problem)
            {
                return problem;
            }

            var outputs = logits.Value.Length / copies.Count;
            for (var i = 0; i < copies.Count; i++)
            {
                scores[done + i] = rate(logits.Value.AsSpan(i * outputs, outputs));
            }
        }

        return scores;
    }

    private static IEnumerable<(int Top, int Left, int Rows, int Columns)> Windows(int height, int width)
    {
        var (rows, columns) = (Math.Max(1, height / 5), Math.Max(1, width / 5));
        return from top in Starts(height, rows, Math.Max(1, height / 10))
               from left in Starts(width, columns, Math.Max(1, width / 10))
               select (top, left, rows, columns);
    }

    /// <summary>The last window ends where the picture does, so that every pixel is covered.</summary>
    private static IEnumerable<int> Starts(int side, int window, int step)
    {
        var start = 0;
        for (; start + window < side; start += step)
        {
            yield return start;
        }

        yield return side - window;
    }

    private static void Cover(Span<float> copy, UnitPictures picture, (int Top, int Left, int Rows, int Columns) window, float[] color)
    {
        picture.Values.CopyTo(copy);
        for (var channel = 0; channel < picture.Channels; channel++)
        {
            for (var y = window.Top; y < window.Top + window.Rows; y++)
            {
                copy.Slice((((channel * picture.Height) + y) * picture.Width) + window.Left, window.Columns).Fill(color[channel]);
            }
        }
    }

    /// <summary>The picture where the mask is 1, the colour where it is 0.</summary>
    private static void Show(Span<float> copy, UnitPictures picture, float[] mask, float[] color)
    {
        for (var channel = 0; channel < picture.Channels; channel++)
        {
            var plane = copy.Slice(channel * mask.Length, mask.Length);
            System.Numerics.Tensors.TensorPrimitives.Subtract(picture.Values.AsSpan(channel * mask.Length, mask.Length), color[channel], plane);
            System.Numerics.Tensors.TensorPrimitives.Multiply(plane, mask, plane);
            System.Numerics.Tensors.TensorPrimitives.Add(plane, color[channel], plane);
        }
    }

    /// <summary>A grid of cells, each shown or not, enlarged smoothly and shifted by less than a cell.</summary>
    private static float[] Mask(int number, int seed, UnitPictures picture)
    {
        var random = new CounterRandom((ulong)seed, Stream + ((ulong)number << 16));
        var cells = new float[(Cells + 1) * (Cells + 1)];
        foreach (ref var cell in cells.AsSpan())
        {
            cell = random.NextInt32(2);
        }

        var (cellHeight, cellWidth) = ((picture.Height + Cells - 1) / Cells, (picture.Width + Cells - 1) / Cells);
        var (rows, columns) = (cellHeight * (Cells + 1), cellWidth * (Cells + 1));
        var large = BilinearMap.Resize(cells, Cells + 1, Cells + 1, rows, columns);
        var (top, left) = (random.NextInt32(cellHeight), random.NextInt32(cellWidth));
        var mask = new float[picture.Height * picture.Width];
        for (var y = 0; y < picture.Height; y++)
        {
            large.AsSpan(((y + top) * columns) + left, picture.Width).CopyTo(mask.AsSpan(y * picture.Width));
        }

        return mask;
    }

    private static float Deviation(float[] map)
    {
        var mean = map.Average();
        return map.Sum(value => (value - mean) * (value - mean));
    }

    /// <summary>0–1; a map that is one value all over shows nothing.</summary>
    private static float[] Normalized(float[] map)
    {
        var (least, most) = (map.Min(), map.Max());
        return most - least < 1e-6f * Math.Max(1, Math.Abs(most)) ? new float[map.Length] : [.. map.Select(value => (value - least) / (most - least))];
    }
}
