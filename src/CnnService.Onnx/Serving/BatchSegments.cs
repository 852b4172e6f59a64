using CnnService.Core.Classification;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Splits an input into segments of at most one batch. The input's owner is disposed with the last of the segments and this.
/// </summary>
internal sealed class BatchSegments(TensorInput input, int most) : IDisposable
{
    private int _holders = 1;

    /// <summary>The segments; the caller disposes the owner of each. May be called once.</summary>
    public IReadOnlyList<TensorInput> Take()
    {
        var count = (input.Count + most - 1) / most;
        Interlocked.Add(ref _holders, count);
        return [.. Enumerable.Range(0, count)
            .Select(i => input.Slice(i * most, Math.Min(most, input.Count - (i * most))) with { Owner = new BatchSegment(this) })];
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            input.Owner?.Dispose();
        }
    }

    private sealed class BatchSegment(BatchSegments whole) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                whole.Dispose();
            }
        }
    }
}
