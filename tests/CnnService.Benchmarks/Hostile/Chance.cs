using CnnService.Core.Common;

namespace CnnService.Benchmarks.Hostile;

/// <summary>The random choices of one request: the same for the same seed and number, whatever was sent before.</summary>
internal sealed class Chance(int seed, int number)
{
    private CounterRandom _random = new((ulong)seed, (ulong)number);

    public int Below(int bound) => _random.NextInt32(bound);

    public T Pick<T>(params IReadOnlyList<T> items) => items[Below(items.Count)];
}
