using System.Collections.Concurrent;
using CnnService.Core.Common;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Core.Datasets.Health;

/// <summary>
/// Looks at every image of a data set once, on all cores, and tells what is wrong with them. Memory: some hundred bytes an image and a
/// cache of bounded size. Thread safe.
/// </summary>
public sealed class HealthScan(IImageDecoder decoder, DecodeSlots slots)
{
    /// <summary>Bytes of images kept for comparison; further ones are decoded again.</summary>
    private const long KeptBytes = 128L << 20;

    /// <param name="folder">The data set's folder.</param>
    /// <param name="manifest">Its content.</param>
    /// <param name="progress">Receives the number of images looked at.</param>
    /// <param name="cancel">Ends the scan.</param>
    public async Task<DatasetHealth> RunAsync(
        string folder, DatasetManifest manifest, IProgress<int>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        DatasetImage[] images = [.. manifest.Images];
        var kept = new KeptSquares(KeptBytes, index => Read(folder, images[index]).Map(pixels => LumaSquare.From(pixels)));
        var (facts, unreadable) = await LookAsync(folder, images, kept, progress, cancel);

        var contents = Contents(images);
        int[] comparable = [.. Enumerable.Range(0, contents.Length).Where(content => facts[contents[content][0]] is { Contrast: > 0 })];
        var near = new NearDuplicates(
            [.. comparable.Select(content => facts[contents[content][0]]!.Hashes)], at => kept.Get(contents[comparable[at]][0]))
            .Find(cancel);
        var groups = new DuplicateGroups(
            images, manifest.TextOf, contents,
            [.. near.Pairs.Select(pair => new ImagePair(comparable[pair.First], comparable[pair.Second], pair.Correlation))]);
        var faults = unreadable.OrderBy(one => one.Key).Select(one => (Fault: ImageFault.Unreadable, Image: one.Key, Reason: one.Value))
            .Concat(ImageFaults.Find(images, facts)).ToArray();
        return Create(manifest, images.Length, groups) with
        {
            FaultCounts = [.. faults.CountBy(one => one.Fault).OrderBy(one => one.Key).Select(one => new FaultCount(one.Key, one.Value))],
            Faults = [.. faults.GroupBy(one => one.Fault).SelectMany(kind => kind.Take(DatasetHealth.MaxListed))
                .Select(one => new FaultyImage(one.Fault, groups.Describe(one.Image), one.Reason))],
            Notes = near.IsBounded
                ? ["So many images look alike that not every pair was compared: near duplicates may be missing."]
                : [],
        };
    }

    /// <summary>What the manifest alone tells, without looking at an image: equal files and the balance of the classes.</summary>
    public static DatasetHealth Glance(DatasetManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        DatasetImage[] images = [.. manifest.Images];
        var groups = new DuplicateGroups(images, manifest.TextOf, Contents(images), []);
        return Create(manifest, images.Length, groups) with
        {
            Notes = ["Only equal files and the balance of the classes were looked at."],
        };
    }

    /// <summary>Of each content, its images.</summary>
    private static int[][] Contents(DatasetImage[] images) =>
        [.. Enumerable.Range(0, images.Length).GroupBy(i => images[i].Sha256, StringComparer.Ordinal).Select(same => same.ToArray())];

    private static DatasetHealth Create(DatasetManifest manifest, int images, DuplicateGroups groups) => new()
    {
        Dataset = manifest.Name,
        Digest = manifest.Digest,
        Images = images,
        Classes = [.. Balance(manifest)],
        Duplicates = groups.Count(),
        Groups = groups.List(DatasetHealth.MaxListed),
        FaultCounts = [],
        Faults = [],
        Notes = [],
    };

    private static IEnumerable<ClassBalance> Balance(DatasetManifest manifest)
    {
        var (train, validation, test) = (
            manifest.CountByClass(Split.Train), manifest.CountByClass(Split.Validation), manifest.CountByClass(Split.Test));
        return manifest.Classes.Select((name, label) => new ClassBalance(name, train[label], validation[label], test[label]));
    }

    private async Task<(ImageFacts?[] Facts, IReadOnlyDictionary<int, string> Unreadable)> LookAsync(
        string folder, DatasetImage[] images, KeptSquares kept, IProgress<int>? progress, CancellationToken cancel)
    {
        var facts = new ImageFacts?[images.Length];
        var unreadable = new ConcurrentDictionary<int, string>();
        var done = 0;
        await Parallel.ForAsync(
            0, images.Length, new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (index, token) =>
            {
                var read = await slots.RunAsync(() => Read(folder, images[index]), token, here: true);
                if (read.Problem is { } problem)
                {
                    unreadable[index] = problem.Detail;
                }
                else
                {
                    var luma = LumaSquare.From(read.Value);
                    facts[index] = ImageFacts.From(read.Value, luma);
                    kept.Put(index, luma);
                }

                progress?.Report(Interlocked.Increment(ref done));
            });
        return (facts, unreadable);
    }

    private Outcome<PixelBuffer> Read(string folder, DatasetImage image) => DatasetFolder.DecodeImage(
        folder, image, file => decoder.Decode(file, new(LumaSquare.Side, LumaSquare.Side, 3)));

    /// <summary>The images that were looked at last, for comparison.</summary>
    private sealed class KeptSquares(long maxBytes, Func<int, Outcome<LumaSquare>> read)
    {
        private readonly LruCache<int, LumaSquare> _squares = new(maxBytes, square => square.Values.Length);
        private readonly Lock _gate = new();

        public void Put(int index, LumaSquare square)
        {
            lock (_gate)
            {
                _squares.Set(index, square);
            }
        }

        /// <summary>Null for an image whose file is gone since it was looked at.</summary>
        public LumaSquare? Get(int index)
        {
            lock (_gate)
            {
                if (_squares.TryGet(index, out var known))
                {
                    return known;
                }
            }

            return read(index).Match<LumaSquare?>(
                square =>
                {
                    Put(index, square);
                    return square;
                },
                _ => null);
        }
    }
}
