using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Work;

/// <summary>Settings of training runs.</summary>
internal sealed class TrainingOptions
{
    public const string Section = "Training";

    /// <summary>
    /// Longest time between two checkpoints; each epoch also ends with one, as long as they take less than a twentieth of the time. 1 s to
    /// 1 h, default 60 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CheckpointEvery { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Disk space in MiB for the weight snapshots of each epoch, which a run keeps for its film; a request can override it. If it does not
    /// suffice, snapshots are thinned out evenly. 0 to 1,000,000; 0: none are kept. Default 512: 23 epochs of the preset <c>article</c>.
    /// </summary>
    [Range(0, 1_000_000)]
    public int SnapshotMebibytes { get; set; } = 512;

    /// <summary>Maximum number of queued runs; default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueuedRuns { get; set; } = 10_000;

    /// <summary>
    /// Limit of a training's estimated memory in MiB; larger ones are rejected when they are requested. 0 (default): nine tenths of the
    /// memory available to this process.
    /// </summary>
    [Range(0, 100_000_000)]
    public long MaxMemoryMebibytes { get; set; }

    /// <summary>Consecutive attempts without a new checkpoint after which a run fails; default 2.</summary>
    [Range(1, 100)]
    public int MaxAttemptsWithoutCheckpoint { get; set; } = 2;

    /// <summary>Attempts in total after which a run fails; default 10.</summary>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>How long a training may take to write its checkpoint when told to stop, before it is killed; default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Threads of libtorch in the training process; 0 (default): all cores, at a lower priority.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary><see cref="MaxMemoryMebibytes"/>, or its default, in bytes.</summary>
    public double MaxMemoryBytes =>
        MaxMemoryMebibytes > 0 ? MaxMemoryMebibytes * 1048576.0 : 0.9 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
