using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Onnx.Serving;

/// <summary>
/// A queued request. Either its caller abandons it while it is waiting, or the batcher takes it; whoever wins disposes the input's owner,
/// once.
/// </summary>
/// <param name="input">Images at the network's input size.</param>
/// <param name="outputs">Names of the requested outputs.</param>
/// <param name="entered">Timestamp of its arrival in the queue.</param>
/// <param name="callers">Callers of the version at that time, this one included.</param>
internal sealed class BatchRequest(TensorInput input, IReadOnlyList<string> outputs, long entered, int callers)
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

    public int Callers => callers;

    public Task<Outcome<TensorAnswer>> Answer => _answer.Task;

    /// <summary>Claims the request for a batch; false if its caller has abandoned it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Called when the caller no longer waits: a request that has not been taken is not computed.</summary>
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

    /// <summary>Completes the request with an unexpected exception, which its caller sees.</summary>
    public void Fail(Exception failure)
    {
        input.Owner?.Dispose();
        _answer.TrySetException(failure);
    }
}
