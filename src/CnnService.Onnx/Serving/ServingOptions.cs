using System.ComponentModel.DataAnnotations;

namespace CnnService.Onnx.Serving;

/// <summary>How published models are run.</summary>
public sealed class ServingOptions
{
    public const string Section = "Serving";

    /// <summary>Threads of one inference; 0 (the default): all cores.</summary>
    [Range(0, 256)]
    public int Threads { get; set; }

    /// <summary>Pictures joined into one run of the network at most; default 8.</summary>
    [Range(1, 1024)]
    public int MaxBatchSize { get; set; } = 8;

    /// <summary>How long a picture may wait for company; default none: what is waiting when the network is free goes together.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.Zero;

    /// <summary>Pictures that may wait for one model; one more is answered 503 at once. Default 256.</summary>
    [Range(1, 100_000)]
    public int QueueSize { get; set; } = 256;

    /// <summary>From the queue to the answer; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Versions kept loaded; the longest unused one goes first. Default 16.</summary>
    [Range(1, 1000)]
    public int MaxLoadedModels { get; set; } = 16;
}
