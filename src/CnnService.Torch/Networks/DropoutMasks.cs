using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// Dropout whose mask is a pure function of a key, the same on every device: each element's index is hashed with the key in 32-bit integer
/// arithmetic (the multiply-xorshift finalizer of C. Wellons' hash-prospector), on the device itself. libtorch's generators differ from
/// device to device, and have a state that a resumed training would have to restore. Owns a few integers per element of the largest input.
/// </summary>
internal sealed class DropoutMasks(Device device) : IDisposable
{
    /// <summary>Odd, the golden ratio of 2^32: spreads consecutive indices.</summary>
    private const int Spread = unchecked((int)0x9E3779B9);

    private readonly Round _first = new(16, 0x21F0AAAD, device);
    private readonly Round _second = new(15, unchecked((int)0xD35A2D97), device);
    private Tensor? _spreadIndices;

    /// <summary>
    /// The input with each element set to zero with the probability <paramref name="rate"/>, and divided by 1 - rate otherwise. A new
    /// tensor; gradients flow through it.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="rate">Greater than 0, less than 1.</param>
    /// <param name="key">Determines the mask.</param>
    internal Tensor Apply(Tensor x, double rate, ulong key)
    {
        using var scope = NewDisposeScope();
        using var indices = SpreadIndices(x.numel());
        var hashes = indices.add(OwnedScalars.CreateInteger((int)(key ^ (key >> 32))), OwnedScalars.IntegerOne);
        _first.Apply(hashes);
        _second.Apply(hashes);
        var kept = hashes.ge(OwnedScalars.CreateInteger(FirstKept(rate))).view(x.shape).to_type(x.dtype);
        return x.mul(kept.mul_(OwnedScalars.Create(1 / (1 - rate)))).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _spreadIndices?.Dispose();
    }

    /// <summary>The smallest hash, as a signed number, that keeps its element.</summary>
    private static int FirstKept(double rate) => (int)Math.Min(Math.Round(int.MinValue + (rate * (1L << 32))), int.MaxValue);

    private Tensor SpreadIndices(long count)
    {
        if (_spreadIndices is null || _spreadIndices.numel() < count)
        {
            _spreadIndices?.Dispose();
            _spreadIndices = arange(OwnedScalars.CreateInteger(count), ScalarType.Int32, device: device)
                .mul_(OwnedScalars.CreateInteger(Spread)).DetachFromDisposeScope();
        }

        return _spreadIndices.narrow(0, 0, count);
    }

    /// <summary>
    /// One round of the hash: <c>h ^= h >>> shift; h *= factor</c>. The shift of signed numbers copies the sign, hence the mask.
    /// </summary>
    private sealed class Round(int shift, int factor, Device device) : IDisposable
    {
        private readonly Tensor _shift = tensor(shift, ScalarType.Int32, device: device).DetachFromDisposeScope();
        private readonly Tensor _low = tensor((1 << (32 - shift)) - 1, ScalarType.Int32, device: device).DetachFromDisposeScope();

        internal void Apply(Tensor hashes)
        {
            using var high = hashes.bitwise_right_shift(_shift);
            using var bits = high.bitwise_and_(_low);
            hashes.bitwise_xor_(bits).mul_(OwnedScalars.CreateInteger(factor));
        }

        public void Dispose()
        {
            _shift.Dispose();
            _low.Dispose();
        }
    }
}
