using System.Net.Http.Headers;
using System.Text.Json;

namespace CnnService.Client;

/// <summary>Uploads, streamed from where they lie to the service.</summary>
public partial class CnnServiceClient
{
    private const string AnyType = "application/octet-stream";

    /// <summary>Imports a data set from an archive; the import then runs in the background (<see cref="WaitForDatasetAsync"/>).</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="archive">A zip, tar or tar.gz; read once from where it stands, and left open.</param>
    /// <param name="validationFraction">Share of each class used for validation if the archive has no split, 0.05 to 0.5.</param>
    /// <param name="progress">Receives the bytes sent.</param>
    /// <param name="cancellationToken">Ends the upload; the service then keeps nothing of it.</param>
    /// <exception cref="CnnServiceException">The service refuses it.</exception>
    /// <exception cref="OperationCanceledException">It was ended by <paramref name="cancellationToken"/>.</exception>
    public async Task<DatasetResource> UploadDatasetAsync(
        string name, Stream archive, double? validationFraction = null, IProgress<UploadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        try
        {
            return await CreateDatasetAsync(
                name: name, file: Part(archive, "archive", progress), validationFraction: validationFraction,
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (IOException broken) when (cancellationToken.IsCancellationRequested)
        {
            // Where the answer had begun, its stream breaks off instead.
            throw new OperationCanceledException("The upload was cancelled.", broken, cancellationToken);
        }
    }

    /// <summary>Tells what an import of an upload in pieces, or of a folder of the server, would give, and imports nothing.</summary>
    /// <param name="request">As for <see cref="CreateDatasetFromServerAsync"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="CnnServiceException">The service refuses it.</exception>
    public Task<DatasetInspection> InspectUploadAsync(DatasetRequest request, CancellationToken cancellationToken = default) =>
        PostJsonAsync<DatasetInspection>("datasets/inspect", request, null, cancellationToken);

    /// <summary>Starts a run by a request in JSON, such as one that an advice gives.</summary>
    /// <param name="request">As for <see cref="TrainAsync"/>.</param>
    /// <param name="idempotencyKey">A text of the caller's: the same one starts no second run.</param>
    /// <param name="cancellationToken">Ends the call, not the run.</param>
    /// <exception cref="CnnServiceException">The service refuses it.</exception>
    public Task<RunResource> TrainJsonAsync(
        JsonElement request, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        PostJsonAsync<RunResource>("train", request, idempotencyKey, cancellationToken);

    /// <summary>Imports a model trained elsewhere.</summary>
    /// <param name="name">The model that gets the new version.</param>
    /// <param name="file">
    /// An ONNX or safetensors file, or a zip of an ONNX file and its weights; read once from where it stands, and left open.
    /// </param>
    /// <param name="architecture">The network of a safetensors file: a preset's name, or a network in JSON.</param>
    /// <param name="labels">The classes, one a line.</param>
    /// <param name="preprocessing">One of the normalizations by name, or JSON.</param>
    /// <param name="progress">Receives the bytes sent.</param>
    /// <param name="cancellationToken">Ends the upload; the service then keeps nothing of it.</param>
    /// <exception cref="CnnServiceException">The service refuses it.</exception>
    public Task<ModelVersionResource> UploadModelAsync(
        string name, Stream file, string? architecture = null, string? labels = null, string? preprocessing = null,
        IProgress<UploadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        return ImportModelAsync(
            name: name, file: [Part(file, "model", progress)], architecture: architecture, labels: labels, preprocessing: preprocessing,
            cancellationToken: cancellationToken);
    }

    /// <summary>Classifies one image.</summary>
    /// <param name="image">An image file; read once from where it stands, and left open.</param>
    /// <param name="model"><c>name</c>, <c>name:version</c> or <c>name@alias</c>; optional if there is only one model.</param>
    /// <param name="top">Number of classes to return, 1 to 1000; default 5.</param>
    /// <param name="views">Views of the image that are averaged, 1 to 10: itself, mirrored, crops; default 1.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="CnnServiceException">The image cannot be read, or the service refuses it.</exception>
    public async Task<ClassifyResult> ClassifyImageAsync(
        Stream image, string? model = null, int? top = null, int? views = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        var answer = await ClassifyAsync(
            files: [Part(image, "image", null)], model: model, top: top, views: views, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        return answer.Results[0];
    }

    private async Task<T> PostJsonAsync<T>(string address, object body, string? idempotencyKey, CancellationToken cancel)
        where T : class
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), JsonSerializerSettings));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, UriKind.Relative)) { Content = content };
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        using var answer = await SendAsync(request, cancel).ConfigureAwait(false);
        var json = await ContentAsync(answer, cancel).ConfigureAwait(false);
        return JsonSerializer.Deserialize<T>(json, JsonSerializerSettings)
            ?? throw new CnnServiceException(
                "The answer is empty.", (int)answer.StatusCode, null, new Dictionary<string, IEnumerable<string>>(), null);
    }

    private static FileParameter Part(Stream stream, string name, IProgress<UploadProgress>? progress) =>
        new(new UploadStream(stream, progress), name, AnyType);
}
