using System.Diagnostics;
using CnnService.Benchmarks.Patterns;
using CnnService.Core.Common;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Whether patterns show what filters look for: a table of checks, each of the PNG file that a caller would get. They are to excite their
/// own filter more than noise and real images do, and no other filter; to do so moved about; and to be images, neither grey nor burnt nor
/// noise. Exit code 1 where a check is missed.
/// </summary>
internal static class PatternQuality
{
    private const int NoiseOfEach = 64;
    private const int Moves = 16;

    /// <summary>Layers that see less are judged as edge finders, which white noise excites.</summary>
    private const int SmallField = 8;

    public static async Task RunAsync(Arguments arguments)
    {
        await using var bench = new PatternBench(arguments);
        var table = new CheckTable();
        var isWellTrained = arguments.Text("--trained", "weakly") == "well";
        CheckTable.Begin();
        foreach (var layer in arguments.Text("--layers", "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            await JudgeLayerAsync(bench, table, layer, arguments.Whole("--filters", 8), isWellTrained);
        }

        int[] classes = [.. arguments.Text("--classes", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        if (classes.Length > 0)
        {
            await JudgeClassesAsync(bench, table, classes);
        }

        Figures.Print($"{table.Missed} checks missed");
        Environment.ExitCode = table.Missed > 0 ? 1 : 0;
    }

    private static async Task JudgeLayerAsync(PatternBench bench, CheckTable table, string layer, int count, bool isWellTrained)
    {
        var resolved = bench.Model.Network.Find(layer) ?? throw new ArgumentException($"There is no layer '{layer}'.");
        var channels = resolved.OutputShape.Channels;
        var data = bench.Responses(layer, bench.Images);
        var watch = Stopwatch.StartNew();
        int[] filters = [.. Enumerable.Range(0, count).Select(i => i * channels / count)];
        Drawn[] drawn = [.. (await Task.WhenAll(filters.Select(filter => DrawAsync(bench, layer, filter))))];
        var seconds = watch.Elapsed.TotalSeconds;
        var live = drawn.Where(one => data.IsLive(one.Filter)).ToArray();
        Figures.Print($"| {layer} | filters that real images excite | | {live.Length} of {count}; {seconds.Text()} s for {count} | |");
        var field = resolved.Field is { } seen ? Math.Max(seen.Size.Height, seen.Size.Width) : int.MaxValue;
        var noise = bench.Responses(layer, Noise(live[0].Image));
        JudgeAgainstNoise(table, layer, live, noise, field < SmallField);
        JudgeAgainstData(table, layer, live, data, field < SmallField, isWellTrained);
        JudgeControl(table, layer, drawn, noise, data, MostRank(data, field < SmallField, isWellTrained));
        JudgeImages(table, layer, live);
        JudgeMoved(bench, table, layer, live, data);
        await JudgeStepsAsync(bench, table, layer, live);
        var again = await bench.DrawAsync(layer, live[0].Filter);
        table.Add(layer, "same bytes again", "equal", again.Png.AsSpan().SequenceEqual(live[0].Png) ? "equal" : "different",
            again.Png.AsSpan().SequenceEqual(live[0].Png));
    }

    private static void JudgeAgainstNoise(CheckTable table, string layer, Drawn[] live, LayerResponses noise, bool isSmall)
    {
        var beaten = live.Count(one => one.Activation > noise.Max(one.Filter));
        table.Add(layer, "beats 128 noise images", isSmall ? ">= 50 %" : "all", $"{beaten} of {live.Length}",
            isSmall ? 2 * beaten >= live.Length : beaten == live.Length);
    }

    private static void JudgeAgainstData(
        CheckTable table, string layer, Drawn[] live, LayerResponses data, bool isSmall, bool isWellTrained)
    {
        var p99 = live.Count(one => one.Activation > data.P99(one.Filter));
        var max = live.Count(one => one.Activation > data.Max(one.Filter));
        table.Add(layer, "beats p99 of real images", "all", $"{p99} of {live.Length}", p99 == live.Length);
        table.Add(layer, "beats the maximum of real images", isSmall ? "-" : ">= 85 %", $"{max} of {live.Length}",
            isSmall || max >= 0.85 * live.Length);
        double[] z = [.. live.Select(one => data.Standardized(one.Filter, one.Activation))];
        table.Add(layer, "least z", ">= 3", z.Min().Text(), z.Min() >= 3);
        table.Add(layer, "median z", isWellTrained ? ">= 15" : ">= 4", Figures.Median(z).Text(),
            Figures.Median(z) >= (isWellTrained ? 15 : 4));
        int[] ranks = [.. live.Select(one => data.Rank(one.Filter, one.Responses))];
        var most = MostRank(data, isSmall, isWellTrained);
        table.Add(layer, "rank among the layer's filters", $"<= {most.Text("F0")} for 80 %", string.Join(' ', ranks),
            ranks.Count(rank => rank <= most) >= 0.8 * ranks.Length);
    }

    private static double MostRank(LayerResponses data, bool isSmall, bool isWellTrained) =>
        Math.Max(5, (isWellTrained && !isSmall ? 0.05 : 0.25) * data.Filters);

    /// <summary>
    /// An image of one filter must mean little to its neighbour, else these checks would prove nothing: any strong texture may excite
    /// neighbours more than photographs do, but must not pass for theirs by all of the checks.
    /// </summary>
    private static void JudgeControl(
        CheckTable table, string layer, Drawn[] drawn, LayerResponses noise, LayerResponses data, double mostRank)
    {
        var others = drawn.Select(one => (Filter: (one.Filter + 1) % data.Filters, one.Responses)).Where(one => data.IsLive(one.Filter))
            .ToArray();
        var beaten = others.Count(one => one.Responses[one.Filter] > data.Max(one.Filter));
        var z = Figures.Median(others.Select(one => data.Standardized(one.Filter, one.Responses[one.Filter])));
        table.Add(layer, "control, judged for the next filter: beats real images", "<= 35 %", $"{beaten} of {others.Length}",
            beaten <= 0.35 * others.Length);
        table.Add(layer, "control, median z", "< 3", z.Text(), z < 3);
        var passing = others.Count(
            one => one.Responses[one.Filter] is var answer && answer > noise.Max(one.Filter) && answer > data.Max(one.Filter)
            && data.Standardized(one.Filter, answer) >= 3 && data.Rank(one.Filter, one.Responses) <= mostRank);
        table.Add(layer, "control: passes noise, maximum, z and rank", "<= 35 %", $"{passing} of {others.Length}",
            passing <= 0.35 * others.Length);
    }

    private static void JudgeImages(CheckTable table, string layer, Drawn[] live)
    {
        double[] deviations = [.. live.Select(one => ImageMeasures.LeastDeviation(one.Image))];
        double[] differences = [.. live.Select(one => ImageMeasures.NeighbourDifference(one.Image))];
        var burnt = live.Max(one => ImageMeasures.Burnt(one.Image));
        double[] fine = [.. live.Select(one => ImageMeasures.FineShare(one.Image))];
        table.Add(layer, "not grey: least deviation of a channel", ">= .05", deviations.Min().Text("F2"), deviations.Min() >= 0.05);
        table.Add(layer, "difference of neighbours", ".02 to .25", $"{differences.Min().Text("F3")} to {differences.Max().Text("F3")}",
            differences.Min() >= 0.02 && differences.Max() <= 0.25);
        table.Add(layer, "not burnt: values at 0 or 255", "<= .15", burnt.Text("F3"), burnt <= 0.15);
        table.Add(layer, "energy above a quarter of the sampling rate", "<= .35",
            $"{fine.Max().Text("F2")} (mean {fine.Average().Text("F2")})", fine.Max() <= 0.35);
    }

    private static void JudgeMoved(PatternBench bench, CheckTable table, string layer, Drawn[] live, LayerResponses data)
    {
        double[] kept = [.. live.Select(one =>
        {
            PixelBuffer[] moved = [
                .. Enumerable.Range(0, Moves).Select(i => ImageMeasures.Moved(one.Image, new CounterRandom(7, (ulong)i)))];
            return (bench.Responses(layer, moved).Mean(one.Filter) - data.Mean(one.Filter)) / (one.Activation - data.Mean(one.Filter));
        })];
        table.Add(layer, $"kept under {Moves} moves, mean", ">= .60", $"{kept.Average().Text("F2")} (least {kept.Min().Text("F2")})",
            kept.Average() >= 0.6);
    }

    private static async Task JudgeStepsAsync(PatternBench bench, CheckTable table, string layer, Drawn[] live)
    {
        var rising = await Task.WhenAll(live.Select(async one =>
        {
            var few = await DrawAsync(bench, layer, one.Filter, 16);
            var more = await DrawAsync(bench, layer, one.Filter, 64);
            return one.Activation > more.Activation && more.Activation > few.Activation && few.Activation > one.Start;
        }));
        table.Add(layer, "rises: start, 16, 64 and all steps", "all", $"{rising.Count(isRising => isRising)} of {live.Length}",
            Array.TrueForAll(rising, isRising => isRising));
    }

    private static async Task JudgeClassesAsync(PatternBench bench, CheckTable table, int[] classes)
    {
        var drawn = await Task.WhenAll(classes.Select(bench.DrawClassAsync));
        var isBinary = bench.Model.Network.IsSigmoid;
        foreach (var (image, figures) in drawn)
        {
            var most = bench.Targets(bench.Served, figures.Index).Max(target => target.Score);
            var seen = bench.Targets([image], figures.Index)[0];
            table.Add(figures.Class, "named so by the served network", "yes",
                seen.Predicted == figures.Index ? "yes" : bench.Model.Manifest.Classes[seen.Predicted], seen.Predicted == figures.Index);
            table.Add(figures.Class, "probability", isBinary ? ">= .95" : ">= .9", seen.Probability.Text("F3"),
                seen.Probability >= (isBinary ? 0.95 : 0.9));
            table.Add(figures.Class, "logit above that of real images", $"> {most.Text("F2")}", seen.Score.Text("F2"), seen.Score > most);
        }

        var alike =
            drawn.Select(
                (one, i) => drawn.Take(i).Select(other => ImageMeasures.Correlation(one.Image, other.Image)).DefaultIfEmpty(0).Max()).Max();
        table.Add("classes", "images differ: largest correlation", "< .9", alike.Text("F2"), alike < 0.9);
    }

    private static async Task<Drawn> DrawAsync(PatternBench bench, string layer, int filter, int? iterations = null)
    {
        var (image, figures, png) = await bench.DrawAsync(layer, filter, iterations);
        return new(filter, image, png, bench.Response(layer, image), figures.StartActivation);
    }

    /// <summary>Faint noise on grey, and noise over the full range.</summary>
    private static PixelBuffer[] Noise(PixelBuffer like) =>
    [
        .. Enumerable.Range(0, 2 * NoiseOfEach).Select(i =>
        {
            var random = new CounterRandom(99, (ulong)i);
            var image = new PixelBuffer(like.Width, like.Height, like.Channels);
            foreach (ref var value in image.Data.AsSpan())
            {
                value = i < NoiseOfEach
                    ? (byte)Math.Clamp(Math.Round(255 * (0.5 + (0.05 * random.NextGaussian()))), 0, 255)
                    : (byte)random.NextInt32(256);
            }

            return image;
        }),
    ];

    private sealed record Drawn(int Filter, PixelBuffer Image, byte[] Png, float[] Responses, double Start)
    {
        public double Activation => Responses[Filter];
    }
}
