using CnnService.Core.Classification;

namespace CnnService.Onnx.Serving;

/// <summary>Counts the requests of a version and their durations. Thread safe.</summary>
internal sealed class ServingStatistics(TimeProvider time)
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Dictionary<int, BatchStatistics> _batches = [];
    private ServingCounts _counts = new();

    public ServingCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _counts with { Batches = new Dictionary<int, BatchStatistics>(_batches) };
            }
        }
    }

    /// <summary>Records a batch that ran.</summary>
    /// <param name="run">The batch.</param>
    /// <param name="requests">Time in the queue and total time of each of its requests.</param>
    public void Ran(NetworkRun run, IReadOnlyList<(TimeSpan Queue, TimeSpan Total)> requests)
    {
        lock (_gate)
        {
            var batch = _batches.GetValueOrDefault(run.Images);
            _batches[run.Images] = new(batch.Input.Plus(run.Input), batch.Inference.Plus(run.Inference), batch.Output.Plus(run.Output));
            _counts = _counts with
            {
                LastRun = time.GetUtcNow(),
                Images = _counts.Images + run.Images,
                Runs = _counts.Runs + 1,
                Input = _counts.Input.Plus(run.Input),
                Inference = _counts.Inference.Plus(run.Inference),
                Output = _counts.Output.Plus(run.Output),
                Queue = requests.Aggregate(_counts.Queue, (spent, request) => spent.Plus(request.Queue)),
                Succeeded = requests.Aggregate(_counts.Succeeded, (spent, request) => spent.Plus(request.Total)),
            };
        }
    }

    /// <summary>Records a request without an answer: refused, timed out or failed.</summary>
    public void Failed(TimeSpan took)
    {
        lock (_gate)
        {
            _counts = _counts with { Failed = _counts.Failed.Plus(took) };
        }
    }
}
