using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Artifacts;

/// <summary>Where files are kept that all processes need.</summary>
internal sealed class ArtifactOptions : IValidatableObject
{
    public const string Section = "Artifacts";

    /// <summary><c>files</c> (default): in the data directory, or in <see cref="Folder"/>; <c>s3</c>: in an S3-compatible store.</summary>
    public ArtifactStoreKind Store { get; set; } = ArtifactStoreKind.Files;

    /// <summary>
    /// With <c>files</c>: a folder that holds the files in place of the data directories, each of which then has copies; default none.
    /// </summary>
    public string Folder { get; set; } = string.Empty;

    public S3Settings S3 { get; set; } = new();

    /// <summary>Most requests to the store at once, 1 to 64, default 4.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;

    /// <summary>Bytes of copies, beyond which those unused for longest are deleted; 1 MiB or more, default 20 GiB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long MaxCacheBytes { get; set; } = 20L << 30;

    /// <summary>Whether the data directory holds copies only.</summary>
    public bool AreApart => Store == ArtifactStoreKind.S3 || Folder.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Store != ArtifactStoreKind.S3)
        {
            yield break;
        }

        if (!Uri.TryCreate(S3.Endpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            yield return new($"{Section}:S3:Endpoint must be an http or https address with Artifacts:Store=s3, received '{S3.Endpoint}'.");
        }

        if (S3.Bucket.Length == 0)
        {
            yield return new($"{Section}:S3:Bucket must be given with Artifacts:Store=s3.");
        }

        if (S3.AccessKey.Length == 0 != (S3.SecretKey.Length == 0))
        {
            yield return new($"{Section}:S3:AccessKey and :SecretKey must be given both, or neither.");
        }
    }
}

/// <summary>A kind of store.</summary>
internal enum ArtifactStoreKind
{
    Files,
    S3,
}
