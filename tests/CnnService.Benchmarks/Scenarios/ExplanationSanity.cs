using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Models;
using CnnService.Imaging;
using CnnService.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Whether explanations depend on what the network has learned (Adebayo et al., "Sanity checks for saliency maps", 2018): layer by layer
/// from the answer to the image, weights are drawn anew with the deviation that they had; the map of the same class is compared with the
/// first one by rank. Then the maps of two classes of one image.
/// </summary>
internal static class ExplanationSanity
{
    public static async Task RunAsync(Arguments arguments)
    {
        await using var services = new ServiceCollection().AddLogging().AddImaging().AddOnnx().BuildServiceProvider();
        var model = AtHand.Model(arguments.Required(0, "a model folder"));
        var explainer = AtHand.Explainer(services);
        var images = Images(arguments, services.GetRequiredService<IImageDecoder>(), model);
        var methods = arguments.Text("--methods", "grad-cam,layer-cam,saliency").Split(',');
        var weights = SafetensorsFile.Read(model.WeightsPath).Value.Weights;
        string[] layers = [
            .. model.Network.Layers.Select(layer => $"{layer.Name}.weight")
                .Where(name => weights.TryGet(name, out var tensor) && tensor.Shape.Count > 1).Reverse()];
        var first = methods.ToDictionary(method => method,
            method => images.Select(image => Map(explainer, model, image, method, null)).ToArray());
        foreach (var method in methods)
        {
            var others = images.Select(
                (image, place) => Like(first[method][place], Map(explainer, model, image, method, Other(first[method][place], model))));
            Figures.Print($"{method}, another class of the same image: {Mean(others).Text("F3")}");
        }

        foreach (var count in Stages(layers.Length))
        {
            var work = Directory.CreateTempSubdirectory("cnnservice-sanity-");
            try
            {
                var redrawn = Redrawn(model, weights, layers[..count], work.FullName);
                foreach (var method in methods)
                {
                    var likeness = images.Select(
                        (image, place) => Like(first[method][place],
                            Map(explainer, redrawn, image, method, first[method][place].Target.Index)));
                    Figures.Print($"{method}, {count} of {layers.Length} layers drawn anew: {Mean(likeness).Text("F3")}");
                }
            }
            finally
            {
                work.Delete(recursive: true);
            }
        }
    }

    private static PixelBuffer[] Images(Arguments arguments, IImageDecoder decoder, LoadedModel model)
    {
        var (height, width, channels) = model.Network.Spec.Input;
        var files = AtHand.Shuffled(arguments.Required(1, "a folder of images"), ".jpg", ".png");
        return [.. files.Take(arguments.Whole("--images", 20))
            .Select(file => decoder.Decode(File.ReadAllBytes(file), new DecodeTarget(width, height, channels)).Value)];
    }

    /// <summary>One, a quarter, a half and all.</summary>
    private static IEnumerable<int> Stages(int layers) => new[] { 1, layers / 4, layers / 2, layers }.Where(count => count > 0).Distinct();

    private static LoadedModel Redrawn(LoadedModel model, NamedWeights weights, string[] layers, string folder)
    {
        var changed = new NamedWeights();
        foreach (var (name, tensor) in weights.All)
        {
            changed.Add(name, Array.IndexOf(layers, name) is >= 0 and var place ? Drawn(tensor, (ulong)place) : tensor);
        }

        ModelPackage.Write(folder, model.Manifest, File.ReadAllBytes(model.OnnxPath), changed);
        return ModelPackage.Load("redrawn", 1, folder).Value;
    }

    private static WeightTensor Drawn(WeightTensor tensor, ulong seed)
    {
        var mean = tensor.Data.Average(value => (double)value);
        var deviation = Math.Sqrt(tensor.Data.Average(value => (value - mean) * (value - mean)));
        var random = new CounterRandom(seed, 0x5A17);
        var values = new float[tensor.Data.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(mean + (deviation * random.NextGaussian()));
        }

        return new(tensor.Shape, values);
    }

    private static Explanation Map(Explainer explainer, LoadedModel model, PixelBuffer image, string method, int? index)
    {
        var plan = ExplanationPlan.Create(model, new() { Method = method, Class = index is { } one ? $"{one}" : null });
        return explainer.Explain(plan.Value, image, CancellationToken.None).Value;
    }

    private static int Other(Explanation map, LoadedModel model) => (map.Target.Index + 1) % model.Manifest.Classes.Count;

    /// <summary>Spearman's rank correlation; nothing where a map is of one value.</summary>
    private static double? Like(Explanation one, Explanation other) =>
        IsFlat(one.Values) || IsFlat(other.Values) ? null : Correlation(Ranks(one.Values), Ranks(other.Values));

    private static bool IsFlat(IReadOnlyList<float> values) => values.Max() <= values.Min();

    private static double Mean(IEnumerable<double?> likeness) => likeness.OfType<double>().DefaultIfEmpty(double.NaN).Average();

    /// <summary>Equal values share the mean of their ranks: maps have many zeros.</summary>
    private static double[] Ranks(IReadOnlyList<float> values)
    {
        var ranks = new double[values.Count];
        var order = Enumerable.Range(0, values.Count).OrderBy(place => values[place]).ToArray();
        for (var from = 0; from < order.Length;)
        {
            var to = from;
            while (to < order.Length && values[order[to]] == values[order[from]])
            {
                to++;
            }

            for (var place = from; place < to; place++)
            {
                ranks[order[place]] = (from + to - 1) / 2.0;
            }

            from = to;
        }

        return ranks;
    }

    private static double Correlation(double[] one, double[] other)
    {
        var (a, b) = (one.Average(), other.Average());
        double product = 0, first = 0, second = 0;
        for (var i = 0; i < one.Length; i++)
        {
            product += (one[i] - a) * (other[i] - b);
            first += (one[i] - a) * (one[i] - a);
            second += (other[i] - b) * (other[i] - b);
        }

        return product / Math.Sqrt(first * second);
    }
}
