using System.ComponentModel.DataAnnotations;
using CnnService.Core.Classification;

namespace CnnService.Onnx.Serving;

/// <summary>How published models are run. What has no default here has one for each device.</summary>
public sealed class ServingOptions : IValidatableObject
{
    public const string Section = "Serving";

    /// <summary>Where: <c>auto</c> (the default: a GPU where there is one), <c>cpu</c> or <c>cuda</c>.</summary>
    [AllowedValues("auto", "cpu", "cuda")]
    public string Device { get; set; } = "auto";

    /// <summary>With <c>cuda</c>: run on the processor where there is no GPU, rather than not be ready. Default no.</summary>
    public bool AllowCpu { get; set; }

    /// <summary>Threads of the one pool that all networks of the process share; 0 (the default): all cores.</summary>
    [Range(0, 256)]
    public int Threads { get; set; }

    /// <summary>Images joined into one run of the network at most; default 8, on a GPU 32.</summary>
    [Range(1, 1024)]
    public int? MaxBatchSize { get; set; }

    /// <summary>
    /// How long an image may wait for company; default none (what is waiting when the network is free goes together), on a GPU 2 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan? MaxQueueDelay { get; set; }

    /// <summary>Images waiting or under way for one model; more are answered 503 at once. Default 256.</summary>
    [Range(1, 100_000)]
    public int MaxQueueSize { get; set; } = 256;

    /// <summary>From the queue to the answer; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan DefaultTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs of one network at once, each on all threads. Default: on a GPU 2; on the processor 1, and as soon as there are as many callers
    /// as threads, that many runs on one thread each.
    /// </summary>
    [Range(1, 64)]
    public int? Instances { get; set; }

    /// <summary>Versions kept loaded; the longest unused one goes first. Default 16.</summary>
    [Range(1, 1000)]
    public int MaxLoadedModels { get; set; } = 16;

    /// <summary>
    /// Memory that the loaded versions may take, in MiB, each reckoned by its file; the longest unused one goes first, and one that is
    /// larger stays alone. Default 4096.
    /// </summary>
    [Range(1, 1 << 20)]
    public int MemoryMebibytes { get; set; } = 4096;

    /// <summary>What single models have of their own, by name.</summary>
    public Dictionary<string, BatchingSettings> Models { get; } = new(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Models.SelectMany(model =>
        BatchingPlan.BrokenRules(model.Value)
        .Select(rule => new ValidationResult($"{Section}:{nameof(Models)}:{model.Key}:{rule.Name} {rule.Rule}.", [nameof(Models)])));
}
