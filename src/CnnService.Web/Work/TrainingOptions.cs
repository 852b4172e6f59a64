using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Work;

/// <summary>How training runs are carried out.</summary>
internal sealed class TrainingOptions
{
    public const string Section = "Training";

    /// <summary>The longest time between two checkpoints; one follows each epoch besides. 1 s to 1 h, default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CheckpointEvery { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Room for the weights of each epoch that a run keeps for its film, in MiB; a request may say otherwise. Where it is not enough they
    /// are thinned out evenly. 0 to 1,000,000; 0: none are kept. Default 512: 23 epochs of the article's network.
    /// </summary>
    [Range(0, 1_000_000)]
    public int SnapshotMebibytes { get; set; } = 512;

    /// <summary>Runs that may wait; default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueuedRuns { get; set; } = 10_000;

    /// <summary>
    /// Memory that a training may take by its estimate, in MiB; a larger one is refused when it is asked for. 0 (the default):
    /// nine tenths of what this process may use.
    /// </summary>
    [Range(0, 100_000_000)]
    public long MaxMemoryMebibytes { get; set; }

    /// <summary>Attempts without a new checkpoint after which a run is given up; default 2.</summary>
    [Range(1, 100)]
    public int MaxBarrenAttempts { get; set; } = 2;

    /// <summary>Attempts in all after which a run is given up; default 10.</summary>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>How long a training that was told to stop may take to write its checkpoint before it is killed; default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Threads of the tensor library in the training process; 0 (the default): all cores, at a lower priority.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary><see cref="MaxMemoryMebibytes"/>, or its default, in bytes.</summary>
    public double MaxMemoryBytes =>
        MaxMemoryMebibytes > 0 ? MaxMemoryMebibytes * 1048576.0 : 0.9 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
