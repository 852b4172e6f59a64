using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Comparison;

/// <summary>
/// Times two networks side by side: they take turns, and the order alternates from round to round, so that other load on the machine
/// affects both alike. Preprocessing is included, decoding is not.
/// </summary>
/// <param name="time">Monotonic time source.</param>
internal sealed class SpeedBenchmark(TimeProvider time)
{
    public const int MinRounds = 5;

    public const int MaxRounds = 101;

    private static readonly int[] Batches = [1, 8];

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    public IReadOnlyList<SpeedFigures> Run(ComparedNetwork a, ComparedNetwork b, CancellationToken cancel) =>
        [.. Batches.Select(batch => Run(a, b, batch, cancel))];

    private SpeedFigures Run(ComparedNetwork a, ComparedNetwork b, int batch, CancellationToken cancel)
    {
        List<double> timesA = [], timesB = [];
        Measure(a, batch, 0, []);
        Measure(b, batch, 0, []); // Warm-up: the first run of a batch size allocates memory.
        var began = time.GetTimestamp();
        while (timesA.Count < MinRounds || (timesA.Count < MaxRounds && time.GetElapsedTime(began) < Budget))
        {
            cancel.ThrowIfCancellationRequested();
            var round = timesA.Count;
            if (round % 2 == 0)
            {
                Measure(a, batch, round, timesA);
                Measure(b, batch, round, timesB);
            }
            else
            {
                Measure(b, batch, round, timesB);
                Measure(a, batch, round, timesA);
            }
        }

        return new(batch, Median(timesA) / batch, Median(timesB) / batch, timesA.Count);
    }

    /// <summary>Adds the time of one batch, milliseconds.</summary>
    private void Measure(ComparedNetwork network, int batch, int round, List<double> times)
    {
        var images = network.Images.Gather([.. Enumerable.Range(round * batch, batch).Select(i => i % network.Images.Count)]);
        var began = time.GetTimestamp();
        network.Runner.Logits(images);
        times.Add(time.GetElapsedTime(began).TotalMilliseconds);
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return (times[times.Count / 2] + times[(times.Count - 1) / 2]) / 2;
    }
}

/// <summary>A network to compare.</summary>
/// <param name="Runner">Owned by the caller.</param>
/// <param name="Classes">In the order of its outputs.</param>
/// <param name="Images">The same images as the other network's, at this one's input size; owned by the caller.</param>
public sealed record ComparedNetwork(INetworkRunner Runner, IReadOnlyList<string> Classes, IPixelSource Images);
