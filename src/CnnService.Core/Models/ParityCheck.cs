using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Models;

/// <summary>Compares the outputs of an exported network with the network as trained, on the same images, before it is published.</summary>
public static class ParityCheck
{
    /// <summary>Largest difference accepted, relative to max(1, largest magnitude of the reference).</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Number of images compared; of more, these are evenly spread.</summary>
    public const int MaxImages = 64;

    private const int BatchSize = 32;

    /// <summary>
    /// Runs both on the images, at most <see cref="MaxImages"/> of them. Problem code: <c>export.parity</c> where they differ or give NaN.
    /// </summary>
    /// <param name="reference">The network as trained.</param>
    /// <param name="candidate">The exported network.</param>
    /// <param name="images">At least one image.</param>
    /// <param name="cancel">Checked between batches.</param>
    public static Outcome<ParityReport> Compare(
        INetworkRunner reference, INetworkRunner candidate, IPixelSource images, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count);
        var tally = new Tally();
        var compared = EvenSpread.Of(images.Count, MaxImages);
        foreach (var part in compared.Chunk(BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            var batch = images.Gather(part);
            tally.Add(reference.Logits(batch), candidate.Logits(batch), part.Length);
        }

        // Written so that NaN, which compares false, fails the check.
        var report = new ParityReport(
            compared.Length, tally.Difference / Math.Max(1, tally.Magnitude), (double)tally.Agreed / compared.Length);
        return report.LargestDifference <= Tolerance
            ? report
            : new Problem(ProblemKind.Internal, "export.parity",
                $"The exported network must agree with the trained one within {Tolerance:g}, but differs by "
                + $"{report.LargestDifference:g3}.");
    }

    /// <summary>Compares known logits with those of an exported network, on the same images. Problem code: <c>export.parity</c>.</summary>
    /// <param name="known">Logits of all images, row by row.</param>
    /// <param name="candidate">The exported network.</param>
    /// <param name="images">At least one image.</param>
    /// <param name="cancel">Checked between batches.</param>
    public static Outcome<ParityReport> Compare(float[] known, INetworkRunner candidate, IPixelSource images, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Compare(new KnownRunner(known, images.Count), candidate, images, cancel);
    }

    /// <summary>Gives known logits in the order in which the images are asked for.</summary>
    private sealed class KnownRunner(float[] known, int images) : INetworkRunner
    {
        private readonly int[] _order = EvenSpread.Of(images, MaxImages);
        private int _asked;

        public float[] Logits(PixelBatch batch)
        {
            var width = known.Length / images;
            float[] logits = [.. _order.Skip(_asked).Take(batch.Count).SelectMany(row => known.AsSpan(row * width, width).ToArray())];
            _asked += batch.Count;
            return logits;
        }

        public void Dispose()
        {
            // It owns nothing.
        }
    }

    private sealed class Tally
    {
        public double Difference { get; private set; }

        public double Magnitude { get; private set; }

        public int Agreed { get; private set; }

        public void Add(ReadOnlySpan<float> reference, ReadOnlySpan<float> candidate, int images)
        {
            if (reference.Length != candidate.Length)
            {
                throw new InvalidOperationException(
                    $"The runners must give as many logits, received {reference.Length} and {candidate.Length}.");
            }

            for (var i = 0; i < reference.Length; i++)
            {
                Difference = Math.Max(Difference, Math.Abs((double)reference[i] - candidate[i]));
                Magnitude = Math.Max(Magnitude, Math.Abs((double)reference[i]));
            }

            var outputs = reference.Length / images;
            for (var i = 0; i < images; i++)
            {
                Agreed += ArgMax.OfLogits(reference.Slice(i * outputs, outputs)) == ArgMax.OfLogits(candidate.Slice(i * outputs, outputs))
                    ? 1
                    : 0;
            }
        }
    }
}
