using System.Diagnostics;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Models;
using CnnService.Imaging;
using CnnService.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Whether explanations find what an answer rests on, over real images. Insertion: the probability while the pixels that a map names first
/// come back into the blurred image; deletion: while they go to grey. Their means' difference is compared with that of the same number of
/// pixels in random order, in blocks as coarse. Besides: completeness of integrated gradients and the time of each method.
/// </summary>
internal static class Explanations
{
    private const int Steps = 16;
    private const int Cell = 8;
    private const double Sure = 0.5;

    public static async Task RunAsync(Arguments arguments)
    {
        await using var services = new ServiceCollection().AddLogging().AddImaging().AddOnnx().BuildServiceProvider();
        var model = AtHand.Model(arguments.Required(0, "a model folder"));
        var scores = services.GetRequiredService<IServedScores>();
        var explainer = AtHand.Explainer(services);
        var images = SureImages(arguments, services.GetRequiredService<IImageDecoder>(), scores, model);
        Figures.Print($"{images.Count} images whose predicted class has a probability above {Sure}");
        foreach (var method in arguments.Text("--methods", "grad-cam,grad-cam++,hires-cam,layer-cam,occlusion").Split(','))
        {
            Judge(method, arguments.Text("--layer", "") is { Length: > 0 } layer ? layer : null, images, explainer, scores, model);
        }
    }

    private static List<PixelBuffer> SureImages(Arguments arguments, IImageDecoder decoder, IServedScores scores, LoadedModel model)
    {
        var (height, width, channels) = model.Network.Spec.Input;
        var files = AtHand.Shuffled(arguments.Required(1, "a folder of images"), ".jpg");
        return
        [
            .. files.Select(file => decoder.Decode(File.ReadAllBytes(file), new DecodeTarget(width, height, channels)).Value)
                .Where(image => ClassTarget.Resolve(model.Network, scores.Logits(model, [image.Data]).Value, null).Probability > Sure)
                .Take(arguments.Whole("--images", 100)),
        ];
    }

    private static void Judge(
        string method, string? layer, List<PixelBuffer> images, Explainer explainer, IServedScores scores, LoadedModel model)
    {
        var plan = ExplanationPlan.Create(model, new()
        {
            Method = method,
            Layer = layer,
        }) is { Succeeded: true } found ? found.Value : throw new InvalidOperationException(method);
        List<double> gains = [], chances = [], milliseconds = [], errors = [];
        foreach (var (number, image) in images.Index())
        {
            var watch = Stopwatch.StartNew();
            var map = explainer.Explain(plan, image, CancellationToken.None).Value;
            milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            errors.Add(map.Figures.GetValueOrDefault("completenessError", double.NaN));
            gains.Add(Gain(scores, model, image, map.Target.Index, Order(map)));
            chances.Add(Gain(scores, model, image, map.Target.Index, Order(Chance(map, (ulong)number))));
        }

        var wins = gains.Zip(chances).Count(pair => pair.First > pair.Second);
        Figures.Print(
            $"{method}: insertion minus deletion {gains.Average().Text("F3")}, random "
            + $"{chances.Average().Text("F3")}, better than random on {wins} of {gains.Count}; median "
            + $"{Figures.Median(milliseconds).Text()} ms{(double.IsNaN(errors[0]) ? "" : $"; completeness error median "
                + $"{Figures.Median(errors).Text("F4")}, largest {errors.Max().Text("F4")}")}");
    }

    /// <summary>Mean probability while inserting minus that while deleting.</summary>
    private static double Gain(IServedScores scores, LoadedModel model, PixelBuffer image, int index, int[] order)
    {
        var input = model.Network.Spec.Input;
        float[] values = [.. image.Data.Select(value => value / 255f)];
        byte[] blurred = [.. Blur.Apply(values, input, 5).Select(value => (byte)Math.Round(255 * value))];
        var grey = new byte[image.Data.Length];
        Array.Fill(grey, (byte)115);
        return Curve(blurred, image.Data) - Curve(image.Data, grey);

        double Curve(byte[] from, byte[] to)
        {
            var copies =
                Enumerable.Range(0, Steps + 1)
                .Select(step => (ReadOnlyMemory<byte>)Mixed(from, to, order, step * order.Length / Steps, input.Channels)).ToArray();
            var logits = scores.Logits(model, copies).Value;
            return Enumerable.Range(0, copies.Length)
                .Average(
                    step => ClassTarget.ProbabilityOf(model.Network, logits.AsSpan(step * model.Network.Outputs, model.Network.Outputs),
                        index));
        }
    }

    private static byte[] Mixed(byte[] from, byte[] to, int[] order, int count, int channels)
    {
        var result = from.ToArray();
        foreach (var pixel in order.AsSpan(0, count))
        {
            to.AsSpan(pixel * channels, channels).CopyTo(result.AsSpan(pixel * channels));
        }

        return result;
    }

    private static int[] Order(Explanation map) => [.. Enumerable.Range(0, map.Values.Count).OrderByDescending(pixel => map.Values[pixel])];

    /// <summary>A random map of cells.</summary>
    private static Explanation Chance(Explanation map, ulong seed)
    {
        var random = new CounterRandom(seed, 0xC4A);
        var cells = new float[Cell * Cell];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = (float)random.NextDouble();
        }

        return map with { Values = Resampling.Bilinear(cells, Cell, Cell, map.Height, map.Width) };
    }
}
