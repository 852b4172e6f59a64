using CnnService.Core.Classification;

namespace CnnService.Web.Features.Inference;

/// <summary>Serving statistics of a version in the protocol's format. Requests of all routes are counted.</summary>
internal static class InferenceStatistics
{
    public static object From(string name, string version, ServingCounts counts) => new
    {
        name,
        version,
        last_inference = counts.LastRun?.ToUnixTimeMilliseconds() ?? 0,
        inference_count = counts.Images,
        execution_count = counts.Runs,
        inference_stats = new
        {
            success = Duration.From(counts.Succeeded),
            fail = Duration.From(counts.Failed),
            queue = Duration.From(counts.Queue),
            compute_input = Duration.From(counts.Input),
            compute_infer = Duration.From(counts.Inference),
            compute_output = Duration.From(counts.Output),
            cache_hit = default(Duration),
            cache_miss = default(Duration),
        },
        batch_stats = counts.Batches.OrderBy(batch => batch.Key).Select(batch => new
        {
            batch_size = batch.Key,
            compute_input = Duration.From(batch.Value.Input),
            compute_infer = Duration.From(batch.Value.Inference),
            compute_output = Duration.From(batch.Value.Output),
        }).ToArray(),
        memory_usage = counts.MemoryBytes == 0 ? [] : new[] { new { type = "CPU", id = 0, byte_size = counts.MemoryBytes } },
    };

    /// <summary>Number of occurrences and total nanoseconds.</summary>
    private readonly record struct Duration(long Count, long Ns)
    {
        public static Duration From(DurationStatistics spent) => new(spent.Count, spent.Time.Ticks * TimeSpan.NanosecondsPerTick);
    }
}
