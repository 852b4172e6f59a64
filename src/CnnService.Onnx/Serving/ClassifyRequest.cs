using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Onnx.Serving;

/// <summary>A picture waiting for its answer.</summary>
/// <param name="pixels"><c>[H,W,C]</c>.</param>
/// <param name="entered">Timestamp of its entering the queue.</param>
/// <param name="cancel">Set where the caller has gone.</param>
internal sealed class ClassifyRequest(ReadOnlyMemory<byte> pixels, long entered, CancellationToken cancel)
{
    private readonly TaskCompletionSource<Outcome<ClassProbabilities>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _abandoned;

    public ReadOnlyMemory<byte> Pixels => pixels;

    public long Entered => entered;

    /// <summary>True where nobody waits for the answer any more.</summary>
    public bool IsAbandoned => _abandoned || cancel.IsCancellationRequested;

    public Task<Outcome<ClassProbabilities>> Answer => _answer.Task;

    /// <summary>Nobody waits any longer: the picture is not to be computed.</summary>
    public void Abandon() => _abandoned = true;

    public void Complete(Outcome<ClassProbabilities> outcome) => _answer.TrySetResult(outcome);

    /// <summary>Hands what nobody expected to the caller.</summary>
    public void Fail(Exception failure) => _answer.TrySetException(failure);
}
