using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Fitting;

/// <summary>Computes the features of images, those that are not known yet.</summary>
/// <param name="cache">Keeps them; null: nothing is kept.</param>
/// <param name="done">Told of images as they are done, the known ones at once.</param>
/// <param name="cancel">Checked between batches.</param>
internal sealed class FeatureReader(FeatureCache? cache, Action<int> done, CancellationToken cancel)
{
    private const int BatchSize = 32;

    /// <summary>Number of rows that are kept on disk at once, so that an interruption costs little.</summary>
    private const int Kept = 512;

    /// <summary>The features of one view of each image, row by row.</summary>
    /// <param name="images">The images.</param>
    /// <param name="hashes">SHA-256 (hex) of each image's file.</param>
    /// <param name="view">The view; see <see cref="ImageViews"/>.</param>
    /// <param name="network">Gives the features, and names the way.</param>
    public FeatureTable Read(IPixelSource images, IReadOnlyList<string> hashes, int view, FeatureNetwork network)
    {
        string[] keys = [.. hashes.Select(hash => view == 0 ? hash : ContentKey.Create(hash, $"view {view}"))];
        var known = cache?.Read(network.Way, network.Width, keys.ToHashSet(StringComparer.Ordinal)) ?? [];
        int[] missing = [.. Enumerable.Range(0, keys.Length).Where(i => !known.ContainsKey(keys[i]))];
        done(keys.Length - missing.Length);
        foreach (var part in missing.Chunk(Kept))
        {
            var computed = new Dictionary<string, float[]>(StringComparer.Ordinal);
            foreach (var batch in part.Chunk(BatchSize))
            {
                cancel.ThrowIfCancellationRequested();
                var values = network.Runner.Logits(Draw(images, batch, view));
                for (var i = 0; i < batch.Length; i++)
                {
                    computed[keys[batch[i]]] = values[(i * network.Width)..((i + 1) * network.Width)];
                }

                done(batch.Length);
            }

            cache?.Append(network.Way, network.Width, computed);
            computed.ToList().ForEach(row => known[row.Key] = row.Value);
        }

        var table = new float[keys.Length * network.Width];
        for (var i = 0; i < keys.Length; i++)
        {
            known[keys[i]].CopyTo(table, i * network.Width);
        }

        return new(table, network.Width, [.. Enumerable.Range(0, images.Count).Select(images.Label)]);
    }

    private static PixelBatch Draw(IPixelSource images, int[] batch, int view)
    {
        if (view == 0)
        {
            return images.Gather(batch);
        }

        var size = images.Height * images.Width * images.Channels;
        var data = new byte[size * batch.Length];
        Parallel.For(0, batch.Length, i => ImageViews.Draw(
            images.Pixels(batch[i]), (images.Height, images.Width, images.Channels), view, data.AsSpan(i * size, size)));
        return new(data, batch.Length, images.Height, images.Width, images.Channels);
    }
}

/// <summary>A network that ends in features.</summary>
/// <param name="Runner">Gives them, row by row; owned by the caller.</param>
/// <param name="Width">Features of an image.</param>
/// <param name="Way">Hex: whatever gives the same has the same.</param>
internal sealed record FeatureNetwork(INetworkRunner Runner, int Width, string Way)
{
    /// <summary>The network without its classifier, which is its last layer.</summary>
    public static ResolvedNetwork Backbone(ResolvedNetwork network) => Beginning(network, network.Spec.Layers.Count - 1);

    /// <summary>The first layers of a network, and further ones behind them.</summary>
    public static ResolvedNetwork Beginning(ResolvedNetwork network, int count, params LayerSpec[] more) => NetworkSpecValidator.Resolve(
        network.Spec with { Layers = [.. network.Spec.Layers.Take(count), .. more] }, NetworkSpecValidator.NoClasses, new())
        ?? throw new InvalidOperationException("A network without its classifier breaks rules.");
}
