using System.Collections.Concurrent;

namespace CnnService.Core.Datasets.Health;

/// <summary>
/// Finds images that are copies of each other, scaled, recompressed or cropped. Perceptual hashes propose pairs, in far less than the
/// square of the number of images; the correlation of the aligned images decides.
/// </summary>
/// <param name="hashes">Of each image: those of its <see cref="Window.Crops"/>.</param>
/// <param name="image">Gives an image to compare; null where it can no longer be read. Called from several threads.</param>
internal sealed class NearDuplicates(IReadOnlyList<ulong[]> hashes, Func<int, LumaSquare?> image)
{
    /// <summary>Bits in which the hashes of a proposed pair may differ.</summary>
    public const int MaxDistance = 11;

    /// <summary>
    /// Correlation from which two images are one. Measured on 3,000 photographs of pets: copies scaled, recompressed and cropped by up to a
    /// twentieth of each side reach 0.977 or more, other pairs of similar hashes 0.71 at most.
    /// </summary>
    public const float MinCorrelation = 0.95f;

    /// <summary>Pairs proposed for one image, the closest: of an image with more copies than that, one chain joins them all.</summary>
    private const int MaxPerImage = 32;

    /// <summary>
    /// Most pairs that are compared, the closest first; each takes some milliseconds of a core. Photographs propose hardly more than there
    /// are copies, garments on black a hundred pairs an image.
    /// </summary>
    private const int MaxCompared = 50_000;

    /// <summary>Pairs that are compared at once; those after them are left out where the former have joined their images.</summary>
    private const int ComparedAtOnce = 2048;

    /// <summary>Pairs that join all images that are the same, in the order of their indices.</summary>
    /// <param name="cancel">Ends the search.</param>
    public NearDuplicatePairs Find(CancellationToken cancel)
    {
        var index = new HammingIndex([.. hashes.Select(of => of[0])], MaxDistance);
        var proposed = Propose(index, cancel);
        var (sets, pairs, left) = (new ImageSets(hashes.Count), new List<ImagePair>(), MaxCompared);
        var isCut = false;
        foreach (var next in proposed.Chunk(ComparedAtOnce))
        {
            var open = next.Where(pair => sets.Find(pair.First) != sets.Find(pair.Second)).ToArray();
            var compared = open.Take(left).ToArray();
            isCut |= compared.Length < open.Length;
            left -= compared.Length;
            var found = Compare(compared, cancel);
            foreach (var pair in found)
            {
                sets.Join(pair.First, pair.Second);
            }

            pairs.AddRange(found);
        }

        return new([.. pairs.OrderBy(pair => (pair.First, pair.Second))], MaxCompared - left, index.IsBounded || isCut);
    }

    private List<ImagePair> Compare((int First, int Second)[] proposed, CancellationToken cancel)
    {
        var found = new ConcurrentBag<ImagePair>();
        Parallel.ForEach(proposed, Options(cancel), pair =>
        {
            if (image(pair.First) is { } first && image(pair.Second) is { } second
                && ImageAlignment.Correlation(first, second) is var correlation and >= MinCorrelation)
            {
                found.Add(new(pair.First, pair.Second, correlation));
            }
        });
        return [.. found];
    }

    /// <summary>Pairs whose hashes are close, the closest first.</summary>
    private List<(int First, int Second)> Propose(HammingIndex index, CancellationToken cancel)
    {
        var nearest = new (int Other, int Distance)[hashes.Count][];
        Parallel.For(0, hashes.Count, Options(cancel), one => nearest[one] = Nearest(index, one));
        var pairs = new Dictionary<(int First, int Second), int>();
        for (var one = 0; one < nearest.Length; one++)
        {
            foreach (var (other, distance) in nearest[one])
            {
                var pair = (Math.Min(one, other), Math.Max(one, other));
                pairs[pair] = Math.Min(distance, pairs.GetValueOrDefault(pair, int.MaxValue));
            }
        }

        return [.. pairs.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => pair.Key)];
    }

    /// <summary>The images whose hashes are closest to any of one's.</summary>
    private (int Other, int Distance)[] Nearest(HammingIndex index, int one)
    {
        var near = new Dictionary<int, int>();
        foreach (var hash in hashes[one].Distinct())
        {
            index.Search(hash, (other, distance) => near[other] = Math.Min(distance, near.GetValueOrDefault(other, int.MaxValue)));
        }

        near.Remove(one);
        return [.. near.OrderBy(other => other.Value).ThenBy(other => other.Key).Take(MaxPerImage)
            .Select(other => (other.Key, other.Value))];
    }

    private static ParallelOptions Options(CancellationToken cancel) =>
        new() { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
}

/// <summary>What a search for near duplicates found.</summary>
/// <param name="Pairs">Pairs that join all images that are the same.</param>
/// <param name="Compared">Pairs of similar hashes that were compared.</param>
/// <param name="IsBounded">True where not all of them were looked at, so that pairs may be missing.</param>
internal sealed record NearDuplicatePairs(IReadOnlyList<ImagePair> Pairs, int Compared, bool IsBounded);

/// <param name="First">Index of an image.</param>
/// <param name="Second">Index of another, larger than the first.</param>
/// <param name="Correlation">Of the aligned images, up to 1.</param>
internal readonly record struct ImagePair(int First, int Second, float Correlation);
