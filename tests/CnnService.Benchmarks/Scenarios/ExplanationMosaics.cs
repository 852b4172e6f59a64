using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Models;
using CnnService.Imaging;
using CnnService.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Two games with real images whose answers are known. The grid game: of a mosaic of two images of each of two classes, an explanation of
/// one class is to lie on its two tiles (half of it would by chance). The shift: a window that moves 16 pixels over an image moves the peak
/// by as much, within the layer's stride.
/// </summary>
internal static class ExplanationMosaics
{
    private const double Sure = 0.9;
    private const int Shift = 16;

    public static async Task RunAsync(Arguments arguments)
    {
        await using var services = new ServiceCollection().AddLogging().AddImaging().AddOnnx().BuildServiceProvider();
        var bench = new Bench(
            AtHand.Model(arguments.Required(0, "a model folder")),
            services.GetRequiredService<IImageDecoder>(),
            services.GetRequiredService<IServedScores>(),
            AtHand.Explainer(services));
        var folder = arguments.Required(1, "a folder with images of each class in a folder of its name");
        var count = arguments.Whole("--mosaics", 50);
        string[] classes = arguments.Text("--classes", string.Join(',', bench.Model.Manifest.Classes.Take(2))).Split(',');
        var (height, width, channels) = bench.Model.Network.Spec.Input;
        var tiles = classes.Select(name => Tiles(bench, Path.Combine(folder, name), name, 2 * count)).ToArray();
        var mosaics = Enumerable.Range(0, Math.Min(count, tiles.Min(own => own.Count) / 2)).Select(number => Mosaic(bench, tiles, number))
            .ToArray();
        var wide = classes.SelectMany(name => AtHand.Shuffled(Path.Combine(folder, name), ".jpg").Take(count))
            .Select(file => bench.Decoder.Decode(File.ReadAllBytes(file), new DecodeTarget(width + Shift, height, channels)).Value)
            .ToArray();
        foreach (var method in arguments.Text("--methods", "grad-cam,hires-cam,layer-cam").Split(','))
        {
            var stride = bench.Stride(method);
            double[] shares = [
                .. mosaics.SelectMany(
                    mosaic => classes.Select((name, index) => Share(bench.Explain(method, name, mosaic.Image), mosaic.Owners, index)))];
            Figures.Print(
                $"{method}: {(100 * shares.Average()).Text()} % of the map on the class's tiles over "
                + $"{shares.Length} explanations of mosaics, {shares.Count(share => share > 0.5)} above half; the peak moved by "
                + $"{Shift} pixels within {stride} in {wide.Count(image => Moved(bench, method, image, stride))} of {wide.Length} images");
        }
    }

    /// <summary>Images of half the side that the network is sure of at its own size.</summary>
    private static List<PixelBuffer> Tiles(Bench bench, string folder, string name, int count)
    {
        var (height, width, channels) = bench.Model.Network.Spec.Input;
        var index = bench.Model.Manifest.Classes.ToList().IndexOf(name);
        return
        [
            .. AtHand.Shuffled(folder, ".jpg")
                .Where(file =>
                {
                    var whole = bench.Decoder.Decode(File.ReadAllBytes(file), new DecodeTarget(width, height, channels)).Value;
                    var target = ClassTarget.Resolve(bench.Model.Network, bench.Scores.Logits(bench.Model, [whole.Data]).Value, null);
                    return target.Index == index && target.Probability > Sure;
                })
                .Take(count)
                .Select(file => bench.Decoder.Decode(File.ReadAllBytes(file), new DecodeTarget(width / 2, height / 2, channels)).Value),
        ];
    }

    /// <summary>A class's images stand in a row, a column or across, by chance. Owners: the class of each tile.</summary>
    private static (PixelBuffer Image, int[] Owners) Mosaic(Bench bench, List<PixelBuffer>[] tiles, int number)
    {
        var (height, width, channels) = bench.Model.Network.Spec.Input;
        int[] owners = [0, 0, 1, 1];
        new CounterRandom((ulong)number).Shuffle(owners.AsSpan());
        var mosaic = new PixelBuffer(width, height, channels);
        int[] used = [0, 0];
        for (var place = 0; place < 4; place++)
        {
            var tile = tiles[owners[place]][(2 * number) + used[owners[place]]++];
            for (var y = 0; y < tile.Height; y++)
            {
                var to = (((((place / 2) * (height / 2)) + y) * width) + ((place % 2) * (width / 2))) * channels;
                tile.Data.AsSpan(y * tile.Width * channels, tile.Width * channels).CopyTo(mosaic.Data.AsSpan(to));
            }
        }

        return (mosaic, owners);
    }

    /// <summary>What of the map lies on the tiles of a class.</summary>
    private static double Share(Explanation map, int[] owners, int index)
    {
        double own = 0, all = 0;
        for (var place = 0; place < map.Values.Count; place++)
        {
            var value = Math.Max(0, map.Values[place]);
            var tile = (2 * Math.Min(1, place / map.Width / (map.Height / 2))) + Math.Min(1, place % map.Width / (map.Width / 2));
            (own, all) = (own + (owners[tile] == index ? value : 0), all + value);
        }

        return all > 0 ? own / all : 0;
    }

    /// <summary>The window's step to the right moves what it shows to the left.</summary>
    private static bool Moved(Bench bench, string method, PixelBuffer wide, int stride)
    {
        var width = bench.Model.Network.Spec.Input.Width;
        var left = bench.Explain(method, null, Cut(wide, 0, width));
        var right = bench.Explain(method, $"{left.Target.Index}", Cut(wide, Shift, width));
        var (from, to) = (AtHand.Peak(left), AtHand.Peak(right));
        return Math.Abs(from.X - to.X - Shift) <= stride && Math.Abs(from.Y - to.Y) <= stride;
    }

    private static PixelBuffer Cut(PixelBuffer wide, int from, int width)
    {
        var cut = new PixelBuffer(width, wide.Height, wide.Channels);
        for (var y = 0; y < wide.Height; y++)
        {
            wide.Data.AsSpan(((y * wide.Width) + from) * wide.Channels, width * wide.Channels)
                .CopyTo(cut.Data.AsSpan(y * width * wide.Channels));
        }

        return cut;
    }

    private sealed record Bench(LoadedModel Model, IImageDecoder Decoder, IServedScores Scores, Explainer Explainer)
    {
        public Explanation Explain(string method, string? name, PixelBuffer image) =>
            Explainer.Explain(ExplanationPlan.Create(Model, new()
            {
                Method = method,
                Class = name,
            }).Value, image, CancellationToken.None).Value;

        /// <summary>Pixels from one cell of the explained layer to the next.</summary>
        public int Stride(string method) =>
            ExplanationPlan.Create(Model, new() { Method = method }).Value.Layer?.Field is { } field ? field.Jump.Width : 1;
    }
}
