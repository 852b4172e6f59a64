using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Models;
using CnnService.Imaging.Import;
using CnnService.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Whether explanations point at the object (the pointing game of Zhang et al., 2016), on the generated sample, where it is known which
/// pixels are the object's. A hit: the map's peak lies on the object or within 7 % of the image's side of it. Besides: how much more of the
/// map lies on the object than its share of the image.
/// </summary>
internal static class ExplanationPointing
{
    private const double Tolerance = 0.07;
    private const int Side = ShapesSample.Side;

    public static async Task RunAsync(Arguments arguments)
    {
        await using var services = new ServiceCollection().AddLogging().AddOnnx().BuildServiceProvider();
        var model = AtHand.Model(arguments.Required(0, "a model folder, trained on the sample at its own size"));
        if ((model.Network.Spec.Input.Height, model.Network.Spec.Input.Width) != (Side, Side)
            || !model.Manifest.Classes.SequenceEqual(ShapesSample.Classes))
        {
            throw new InvalidOperationException(
                $"The model must be of the sample's classes and of images of {Side}x{Side}: cnn train shapes --image-size {Side}.");
        }

        var explainer = AtHand.Explainer(services);
        foreach (var method in arguments.Text("--methods", "grad-cam,hires-cam,layer-cam,occlusion").Split(','))
        {
            Play(method, explainer, model);
        }
    }

    private static void Play(string method, Explainer explainer, LoadedModel model)
    {
        var (hits, right, wrong) = (0, 0, 0);
        List<double> gains = [];
        for (var label = 0; label < ShapesSample.Classes.Count; label++)
        {
            foreach (var number in Enumerable.Range(ShapesSample.TrainPerClass, ShapesSample.ValidationPerClass))
            {
                var map = explainer.Explain(ExplanationPlan.Of(model, new() { Method = method }).Value, ShapesSample.Draw(label, number),
                    CancellationToken.None).Value;
                if (map.Target.Index != label)
                {
                    wrong++;
                    continue;
                }

                right++;
                var random = ShapesSample.RandomOf(label, number);
                var shape = Shape.Random(label, ref random);
                hits += IsHit(map, shape) ? 1 : 0;
                gains.Add(Inside(map, shape));
            }
        }

        Figures.Print(
            $"{method}: {hits} of {right} peaks on the object ({(100.0 * hits / right).Text()} %), its pixels hold "
            + $"{gains.Average().Text("F2")} times their share of the map; {wrong} images taken for another class are left out");
    }

    private static bool IsHit(Explanation map, Shape shape)
    {
        var (x, y, value) = AtHand.Peak(map);
        return value > 0 && Pixels().Any(pixel =>
            shape.Coverage(pixel.X, pixel.Y) > 0.5
            && Math.Sqrt(((pixel.X - x) * (pixel.X - x)) + ((pixel.Y - y) * (pixel.Y - y))) <= Tolerance * Side);
    }

    private static double Inside(Explanation map, Shape shape)
    {
        double inside = 0, all = 0, area = 0;
        foreach (var (x, y) in Pixels())
        {
            var value = Math.Max(0, map.Values[(y * map.Width) + x]);
            var cover = shape.Coverage(x, y);
            inside += cover * value;
            all += value;
            area += cover;
        }

        return all > 0 ? inside / all / (area / (Side * Side)) : 0;
    }

    private static IEnumerable<(int X, int Y)> Pixels() => Enumerable.Range(0, Side * Side).Select(place => (place % Side, place / Side));
}
