using System.ComponentModel.DataAnnotations;
using CnnService.Core.Classification;

namespace CnnService.Onnx.Serving;

/// <summary>How published models are run. Options that are null by default take a default of the device.</summary>
public sealed class ServingOptions : IValidatableObject
{
    public const string Section = "Serving";

    /// <summary>Device: <c>auto</c> (the default: a GPU if there is one), <c>cpu</c> or <c>cuda</c>.</summary>
    [AllowedValues("auto", "cpu", "cuda")]
    public string Device { get; set; } = "auto";

    /// <summary>With <c>cuda</c>: run on the CPU if there is no GPU, instead of not becoming ready. Default false.</summary>
    public bool AllowCpu { get; set; }

    /// <summary>Threads of the pool that all networks of the process share; 0 (the default) for all cores.</summary>
    [Range(0, 256)]
    public int Threads { get; set; }

    /// <summary>Most images in one batch; default 8, on a GPU 32.</summary>
    [Range(1, 1024)]
    public int? MaxBatchSize { get; set; }

    /// <summary>
    /// How long a batch that is not full waits for more images; default zero (images that are queued when the network is free run
    /// together), on a GPU 2 ms. A caller who is alone never waits.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan? MaxQueueDelay { get; set; }

    /// <summary>Most images queued or running per model; more are answered 503 at once. Default 256.</summary>
    [Range(1, 100_000)]
    public int MaxQueueSize { get; set; } = 256;

    /// <summary>Time limit from the reservation of a place in the queue to the answer, decoding included; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan DefaultTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest run of a network: one that takes longer is given up, and the version is opened anew for the callers after it. 1 s to 1 h,
    /// default 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RunLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Concurrent runs of one network, each on all threads. Default: 2 on a GPU; 1 on the CPU, and once there are as many callers as
    /// threads, that many runs on one thread each.
    /// </summary>
    [Range(1, 64)]
    public int? Instances { get; set; }

    /// <summary>Most versions kept loaded; the least recently used is evicted first. Default 16.</summary>
    [Range(1, 1000)]
    public int MaxLoadedModels { get; set; } = 16;

    /// <summary>
    /// Memory for loaded versions in MiB, estimated from their files; the least recently used is evicted first, and a version larger than
    /// the limit is loaded alone. Default 4096.
    /// </summary>
    [Range(1, 1 << 20)]
    public int MemoryMebibytes { get; set; } = 4096;

    /// <summary>Settings of the GPU.</summary>
    public CudaSettings Cuda { get; } = new();

    /// <summary>Settings of individual models, by name.</summary>
    public Dictionary<string, BatchingSettings> Models { get; } = new(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Models.SelectMany(model =>
        BatchingPlan.BrokenRules(model.Value)
        .Select(rule => new ValidationResult($"{Section}:{nameof(Models)}:{model.Key}:{rule.Name} {rule.Rule}.", [nameof(Models)])))
        .Concat(ValidateCuda());

    private IEnumerable<ValidationResult> ValidateCuda()
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(Cuda, new ValidationContext(Cuda), results, validateAllProperties: true);
        return results.Select(result => new ValidationResult($"{Section}:{nameof(Cuda)}: {result.ErrorMessage}", [nameof(Cuda)]))
            .Concat(Cuda.LibraryPaths.Where(folder => !Directory.Exists(folder)).Select(folder => new ValidationResult(
                $"{Section}:{nameof(Cuda)}:{nameof(Cuda.LibraryPaths)} must name existing folders, received '{folder}'.", [nameof(Cuda)])));
    }
}
