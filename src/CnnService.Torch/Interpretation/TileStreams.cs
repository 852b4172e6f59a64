using CnnService.Core.Common;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// A tile's own streams of chance: a function of the weights (unless they are left out on purpose), the layer, the filter, the seed and the
/// revision alone, so that no tile knows of its neighbours.
/// </summary>
internal readonly record struct TileStreams
{
    /// <summary>Raised whenever the renderer draws another image for the same request.</summary>
    private const ulong Revision = 1;

    private readonly ulong _key;

    internal TileStreams(string weightsHash, string layer, int filter, int seed, int variant = 0)
    {
        var key = CounterRandom.Hash(Revision, Hash(weightsHash), Hash(layer), (ulong)filter, (ulong)seed);
        _key = variant == 0 ? key : CounterRandom.Hash(key, (ulong)variant);
    }

    private enum Purpose : ulong
    {
        Start,
        Transform,
    }

    /// <summary>The spectrum an attempt starts from.</summary>
    internal CounterRandom Start(int attempt) => new(_key, (ulong)Purpose.Start, (ulong)attempt);

    /// <summary>How the image is moved in a step.</summary>
    internal CounterRandom Transform(int attempt, int step) => new(_key, (ulong)Purpose.Transform, (ulong)attempt, (ulong)step);

    private static ulong Hash(string text) => text.Aggregate((ulong)text.Length, (hash, letter) => CounterRandom.Hash(hash, letter));
}
