using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Api.Limits;

/// <summary>How much of anything a caller may send or hold. What a picture or an archive may contain is in <c>Imaging</c> and <c>Import</c>.</summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Body of a call that takes no files, in bytes; default 10 MiB.</summary>
    [Range(1024, 1L << 40)]
    public long JsonBytes { get; set; } = 10L << 20;

    /// <summary>Body of a call that takes pictures, in bytes; default 32 MiB.</summary>
    [Range(1024, 1L << 40)]
    public long PicturesBytes { get; set; } = 32L << 20;

    /// <summary>Body of an inference request with tensors, in bytes; default 64 MiB.</summary>
    [Range(1024, 1L << 40)]
    public long TensorBytes { get; set; } = 64L << 20;

    /// <summary>An uploaded data set, in bytes; default 20 GiB.</summary>
    [Range(1024, 1L << 40)]
    public long DatasetBytes { get; set; } = 20L << 30;

    /// <summary>An uploaded model, in bytes; default 1 GiB.</summary>
    [Range(1024, 1L << 40)]
    public long ModelBytes { get; set; } = 1L << 30;

    /// <summary>Archives and model files that are received at once; default 4. One more is answered 503.</summary>
    [Range(1, 1000)]
    public int Uploads { get; set; } = 4;

    /// <summary>Event streams open at once; default 100. One more is answered 503.</summary>
    [Range(1, 100_000)]
    public int EventStreams { get; set; } = 100;

    /// <summary>Requests of one key in the long run; default 50 a second. One more is answered 429. Without keys there is no such limit.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 50;

    /// <summary>Requests of one key at once; default 100.</summary>
    [Range(1, 1_000_000)]
    public int RequestBurst { get; set; } = 100;

    /// <summary>Trainings and sweeps that one key may start a minute; default 10.</summary>
    [Range(1, 1_000_000)]
    public int TrainingsPerMinute { get; set; } = 10;
}
