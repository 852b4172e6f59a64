namespace CnnService.Web.Artifacts;

/// <summary>An S3-compatible store.</summary>
internal sealed class S3Settings
{
    /// <summary>Address of the store, such as <c>https://s3.example.org</c>.</summary>
    public string Endpoint { get; set; } = string.Empty;

    /// <summary>Name of a bucket, which must exist.</summary>
    public string Bucket { get; set; } = string.Empty;

    /// <summary>Region that requests are signed for; default <c>us-east-1</c>.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Default none: as the store's own tools find it (<c>AWS_ACCESS_KEY_ID</c>, profiles, the machine's role).</summary>
    public string AccessKey { get; set; } = string.Empty;

    /// <summary>Belongs to <see cref="AccessKey"/>.</summary>
    public string SecretKey { get; set; } = string.Empty;

    /// <summary>Whether the bucket is named in the path rather than in the host's name; default true.</summary>
    public bool ForcePathStyle { get; set; } = true;

    /// <summary>Put before each key, such as <c>cnnservice/</c>; default none.</summary>
    public string Prefix { get; set; } = string.Empty;
}
