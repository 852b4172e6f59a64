using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>
/// Objects in a bucket of an S3-compatible store. Other servers than Amazon's do not understand all that its client does by default:
/// checksums are sent only where they are required, bodies are not signed in chunks, and no write depends on a condition.
/// </summary>
internal sealed class S3Store : IArtifactStore, IDisposable
{
    private const int DeletedAtOnce = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private readonly S3Settings _settings;
    private readonly AmazonS3Client _client;
    private readonly SemaphoreSlim _free;

    public S3Store(S3Settings settings, int concurrency)
    {
        var config = new AmazonS3Config
        {
            ServiceURL = settings.Endpoint,
            AuthenticationRegion = settings.Region,
            ForcePathStyle = settings.ForcePathStyle,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = Timeout,
            MaxErrorRetry = 3,
        };
        (_settings, _free) = (settings, new(concurrency));
        _client = settings.AccessKey.Length == 0
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(settings.AccessKey, settings.SecretKey), config);
    }

    public Task PutAsync(string key, string file, CancellationToken cancel) => UseAsync(
        () => _client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = _settings.Bucket,
                Key = NameOf(key),
                FilePath = file,
                UseChunkEncoding = false,
                ContentType = "application/octet-stream",
            },
            cancel),
        cancel);

    public Task<bool> GetAsync(
        string key, long offset, long? length, Func<Stream, CancellationToken, Task> read, CancellationToken cancel) => UseAsync(
        async () =>
        {
            var request = new GetObjectRequest { BucketName = _settings.Bucket, Key = NameOf(key) };
            if (offset > 0 || length is not null)
            {
                request.ByteRange = length is { } bytes
                    ? new ByteRange(offset, offset + bytes - 1)
                    : new ByteRange($"bytes={offset.ToString(CultureInfo.InvariantCulture)}-");
            }

            try
            {
                using var response = await _client.GetObjectAsync(request, cancel);
                await read(response.ResponseStream, cancel);
                return true;
            }
            catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound && missing.ErrorCode != "NoSuchBucket")
            {
                return false;
            }
        },
        cancel);

    public async IAsyncEnumerable<StoredArtifact> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new ListObjectsV2Request { BucketName = _settings.Bucket, Prefix = NameOf(prefix) };
        ListObjectsV2Response page;
        do
        {
            page = await UseAsync(() => _client.ListObjectsV2Async(request, cancel), cancel);
            foreach (var found in page.S3Objects ?? [])
            {
                yield return new(
                    found.Key[_settings.Prefix.Length..], found.Size ?? 0,
                    found.LastModified?.ToUniversalTime() ?? DateTimeOffset.MinValue);
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public async Task DeleteAsync(string prefix, CancellationToken cancel)
    {
        var keys = new List<KeyVersion>();
        await foreach (var found in ListAsync(prefix, cancel))
        {
            keys.Add(new() { Key = NameOf(found.Key) });
        }

        foreach (var some in keys.Chunk(DeletedAtOnce))
        {
            await UseAsync(
                () => _client.DeleteObjectsAsync(
                    new DeleteObjectsRequest { BucketName = _settings.Bucket, Objects = [.. some], Quiet = true }, cancel),
                cancel);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _free.Dispose();
    }

    private string NameOf(string key) => _settings.Prefix + ArtifactKey.Require(key);

    private async Task<T> UseAsync<T>(Func<Task<T>> use, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        try
        {
            return await use();
        }
        catch (Exception failure) when (IsOfStore(failure, cancel))
        {
            throw new ArtifactsUnavailableException(
                $"The store of artifacts does not answer as it should ({Told(failure)}); try again.", failure);
        }
        finally
        {
            _free.Release();
        }
    }

    private static bool IsOfStore(Exception failure, CancellationToken cancel) => failure switch
    {
        AmazonServiceException or AmazonClientException or HttpRequestException or WebException => true,
        HttpIOException or TimeoutException or IOException { InnerException: SocketException } => true,
        OperationCanceledException => !cancel.IsCancellationRequested, // The client's own limit of time.
        _ => false,
    };

    private static string Told(Exception failure) => failure switch
    {
        AmazonS3Exception { ErrorCode.Length: > 0 } refused => refused.ErrorCode,
        _ => failure.GetType().Name,
    };
}
