using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Images waiting for their answer. Either its sender gives it up while it waits, or the batcher takes it; whoever does so gives the
/// input back to its owner, once.
/// </summary>
/// <param name="input">At the network's size.</param>
/// <param name="outputs">Names of the file's outputs.</param>
/// <param name="entered">Timestamp of its entering the queue.</param>
internal sealed class BatchRequest(TensorInput input, IReadOnlyList<string> outputs, long entered)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource<Outcome<TensorAnswer>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;

    public TensorInput Input => input;

    public IReadOnlyList<string> Outputs => outputs;

    public int Count => input.Count;

    public long Entered => entered;

    public Task<Outcome<TensorAnswer>> Answer => _answer.Task;

    /// <summary>For a batch; false where nobody waits for it any longer.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Nobody waits any longer: what has not been taken is not computed.</summary>
    public void Abandon()
    {
        if (Interlocked.CompareExchange(ref _state, Abandoned, Waiting) == Waiting)
        {
            input.Owner?.Dispose();
        }
    }

    public void Complete(Outcome<TensorAnswer> outcome)
    {
        input.Owner?.Dispose();
        _answer.TrySetResult(outcome);
    }

    /// <summary>Hands what nobody expected to the caller.</summary>
    public void Fail(Exception failure)
    {
        input.Owner?.Dispose();
        _answer.TrySetException(failure);
    }
}
