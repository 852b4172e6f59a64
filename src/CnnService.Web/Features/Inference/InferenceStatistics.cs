using CnnService.Core.Classification;

namespace CnnService.Web.Features.Inference;

/// <summary>What serving a version has come to, in the protocol's form. All of its requests count, whatever call they came by.</summary>
internal static class InferenceStatistics
{
    public static object Of(string name, string version, ServingCounts counts) => new
    {
        name,
        version,
        last_inference = counts.LastRun?.ToUnixTimeMilliseconds() ?? 0,
        inference_count = counts.Pictures,
        execution_count = counts.Runs,
        inference_stats = new
        {
            success = Duration.Of(counts.Succeeded),
            fail = Duration.Of(counts.Failed),
            queue = Duration.Of(counts.Queue),
            compute_input = Duration.Of(counts.Input),
            compute_infer = Duration.Of(counts.Inference),
            compute_output = Duration.Of(counts.Output),
            cache_hit = default(Duration),
            cache_miss = default(Duration),
        },
        batch_stats = counts.Batches.OrderBy(batch => batch.Key).Select(batch => new
        {
            batch_size = batch.Key,
            compute_input = Duration.Of(batch.Value.Input),
            compute_infer = Duration.Of(batch.Value.Inference),
            compute_output = Duration.Of(batch.Value.Output),
        }).ToArray(),
        memory_usage = counts.MemoryBytes == 0 ? [] : new[] { new { type = "CPU", id = 0, byte_size = counts.MemoryBytes } },
    };

    /// <summary>How often, and nanoseconds in all.</summary>
    private readonly record struct Duration(long Count, long Ns)
    {
        public static Duration Of(Spent spent) => new(spent.Count, spent.Time.Ticks * TimeSpan.NanosecondsPerTick);
    }
}
