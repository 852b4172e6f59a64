using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Models;

/// <summary>Compares the outputs of an exported network with the network as trained, on the same images, before it is published.</summary>
public static class ParityCheck
{
    /// <summary>Largest difference accepted, relative to max(1, largest magnitude of the reference).</summary>
    public const double Tolerance = 1e-4;

    private const int BatchSize = 32;

    /// <summary>Runs both on every image. Problem code: <c>export.parity</c> where they differ or give NaN.</summary>
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
        foreach (var part in Enumerable.Range(0, images.Count).Chunk(BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            var batch = images.Gather(part);
            tally.Add(reference.Logits(batch), candidate.Logits(batch), part.Length);
        }

        // Written so that NaN, which compares false, fails the check.
        var report = new ParityReport(images.Count, tally.Difference / Math.Max(1, tally.Magnitude), (double)tally.Agreed / images.Count);
        return report.LargestDifference <= Tolerance
            ? report
            : new Problem(ProblemKind.Internal, "export.parity",
                $"The exported network must agree with the trained one within {Tolerance:g}, but differs by "
                + $"{report.LargestDifference:g3}.");
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
