using CnnService.Core.Common;

namespace CnnService.Torch.Batching;

/// <summary>The order of the images in an epoch: a pure function of the seed and the epoch.</summary>
internal static class EpochOrder
{
    private const ulong Purpose = 0x4F52444552534831; // "ORDERSH1"

    internal static int[] Shuffled(int count, long seed, int epoch)
    {
        var order = Sequential(count);
        new CounterRandom((ulong)seed, Purpose, (ulong)epoch).Shuffle(order.AsSpan());
        return order;
    }

    internal static int[] Sequential(int count) => [.. Enumerable.Range(0, count)];
}
