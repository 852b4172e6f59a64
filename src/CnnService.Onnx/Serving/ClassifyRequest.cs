using System.Diagnostics;
using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Onnx.Serving;

/// <summary>A picture waiting for its answer.</summary>
internal sealed class ClassifyRequest(ReadOnlyMemory<byte> pixels, CancellationToken cancel)
{
    private readonly TaskCompletionSource<Outcome<ClassProbabilities>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ReadOnlyMemory<byte> Pixels => pixels;

    public long Entered { get; } = Stopwatch.GetTimestamp();

    /// <summary>True where nobody waits for the answer any more.</summary>
    public bool IsAbandoned => cancel.IsCancellationRequested;

    public Task<Outcome<ClassProbabilities>> Answer => _answer.Task;

    public void Complete(Outcome<ClassProbabilities> outcome) => _answer.TrySetResult(outcome);
}
