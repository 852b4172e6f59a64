using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Api.Limits;

/// <summary>
/// Limits of requests and connections. Limits of the content of images and archives are in the sections <c>Imaging</c> and <c>Import</c>.
/// </summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>Largest body of a request without files, in bytes; default 10 MiB.</summary>
    [Range(1024, 1L << 40)]
    public long JsonBytes { get; set; } = 10L << 20;

    /// <summary>Largest body of a request with images, in bytes; default 32 MiB.</summary>
    [Range(1024, 1L << 40)]
    public long ImagesBytes { get; set; } = 32L << 20;

    /// <summary>Largest body of an inference request with tensors, in bytes; default 64 MiB.</summary>
    [Range(1024, 1L << 40)]
    public long TensorBytes { get; set; } = 64L << 20;

    /// <summary>Largest uploaded data set, in bytes; default 20 GiB.</summary>
    [Range(1024, 1L << 40)]
    public long DatasetBytes { get; set; } = 20L << 30;

    /// <summary>Largest uploaded model, in bytes; default 1 GiB.</summary>
    [Range(1024, 1L << 40)]
    public long ModelBytes { get; set; } = 1L << 30;

    /// <summary>Concurrent uploads of archives and model files; default 4. Further ones get 503.</summary>
    [Range(1, 1000)]
    public int Uploads { get; set; } = 4;

    /// <summary>Concurrent event streams; default 100. Further ones get 503.</summary>
    [Range(1, 100_000)]
    public int EventStreams { get; set; } = 100;

    /// <summary>Sustained requests per second and API key; default 50. Further ones get 429. No limit if no keys are configured.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 50;

    /// <summary>Burst size of an API key in requests; default 100.</summary>
    [Range(1, 1_000_000)]
    public int RequestBurst { get; set; } = 100;

    /// <summary>Requests with unknown keys that an address may send per minute; default 20. Further ones get 429 instead of 401.</summary>
    [Range(1, 1_000_000)]
    public int UnknownKeysPerMinute { get; set; } = 20;

    /// <summary>Trainings and sweeps that an API key may start per minute; default 10.</summary>
    [Range(1, 1_000_000)]
    public int TrainingsPerMinute { get; set; } = 10;
}
