using System.Collections.Concurrent;

namespace CnnService.Web.Features.Inference;

/// <summary>What the inference protocol's requests came to, for each version, since the service started. Thread safe.</summary>
internal sealed class InferenceStatistics(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Model, int Version), Counters> _counters = new();

    public void Succeeded(string model, int version, int pictures, TimeSpan queue, TimeSpan input, TimeSpan infer, TimeSpan output)
    {
        var counters = Of(model, version);
        lock (counters)
        {
            counters.Last = clock.GetUtcNow().ToUnixTimeMilliseconds();
            counters.Pictures += pictures;
            counters.Executions++;
            counters.Queue = counters.Queue.Plus(queue);
            counters.Input = counters.Input.Plus(input);
            counters.Infer = counters.Infer.Plus(infer);
            counters.Output = counters.Output.Plus(output);
            counters.Success = counters.Success.Plus(queue + input + infer + output);
            counters.Batches[pictures] = counters.Batches.GetValueOrDefault(pictures).Plus(infer);
        }
    }

    public void Failed(string model, int version, TimeSpan took)
    {
        var counters = Of(model, version);
        lock (counters)
        {
            counters.Fail = counters.Fail.Plus(took);
        }
    }

    public object Of(string name, int version, string label)
    {
        var counters = Of(name, version);
        lock (counters)
        {
            return new
            {
                name,
                version = label,
                last_inference = counters.Last,
                inference_count = counters.Pictures,
                execution_count = counters.Executions,
                inference_stats = new
                {
                    success = counters.Success,
                    fail = counters.Fail,
                    queue = counters.Queue,
                    compute_input = counters.Input,
                    compute_infer = counters.Infer,
                    compute_output = counters.Output,
                    cache_hit = default(Duration),
                    cache_miss = default(Duration),
                },
                batch_stats = counters.Batches.OrderBy(batch => batch.Key).Select(batch => new { batch_size = batch.Key, compute_infer = batch.Value }).ToArray(),
            };
        }
    }

    private Counters Of(string model, int version) => _counters.GetOrAdd((model, version), _ => new Counters());

    /// <summary>How often, and nanoseconds in all.</summary>
    internal readonly record struct Duration(long Count, long Ns)
    {
        public Duration Plus(TimeSpan time) => new(Count + 1, Ns + (time.Ticks * TimeSpan.NanosecondsPerTick));
    }

    /// <summary>Locked by whoever reads or writes.</summary>
    private sealed class Counters
    {
        public long Last { get; set; }

        public long Pictures { get; set; }

        public long Executions { get; set; }

        public Duration Success { get; set; }

        public Duration Fail { get; set; }

        public Duration Queue { get; set; }

        public Duration Input { get; set; }

        public Duration Infer { get; set; }

        public Duration Output { get; set; }

        public Dictionary<int, Duration> Batches { get; } = [];
    }
}
