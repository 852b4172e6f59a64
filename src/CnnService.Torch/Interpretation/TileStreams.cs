using CnnService.Core.Common;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// Random streams of a tile. They depend on the weights (unless left out on purpose), layer, filter, seed and variant alone, so that
/// a tile has the same pixels alone and in every grid.
/// </summary>
internal readonly record struct TileStreams
{
    /// <summary>Keeps the streams of tiles apart from others that are keyed by the same values.</summary>
    private const ulong Key = 1;

    private readonly ulong _key;

    internal TileStreams(string weightsHash, string layer, int filter, int seed, int variant = 0)
    {
        var key = CounterRandom.Hash(Key, Hash(weightsHash), Hash(layer), (ulong)filter, (ulong)seed);
        _key = variant == 0 ? key : CounterRandom.Hash(key, (ulong)variant);
    }

    private enum Purpose : ulong
    {
        Start,
        Transform,
    }

    /// <summary>The stream that the start of an attempt is drawn from.</summary>
    internal CounterRandom Start(int attempt) => new(_key, (ulong)Purpose.Start, (ulong)attempt);

    /// <summary>The stream that the transform of a step is drawn from.</summary>
    internal CounterRandom Transform(int attempt, int step) => new(_key, (ulong)Purpose.Transform, (ulong)attempt, (ulong)step);

    private static ulong Hash(string text) => text.Aggregate((ulong)text.Length, (hash, letter) => CounterRandom.Hash(hash, letter));
}
