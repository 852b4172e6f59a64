using System.Globalization;
using CnnService.Core.Common;
using CnnService.Web.Artifacts.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Uploads;

/// <summary>/uploads: large files in pieces, which go on after a break (tus resumable upload protocol 1.0.0).</summary>
internal static class UploadsApi
{
    private const string PieceType = "application/offset+octet-stream";
    private const string OffsetHeader = "Upload-Offset";
    private const string LengthHeader = "Upload-Length";
    private const string ProtocolHeader = "Tus-Resumable";
    private const string Protocol = "1.0.0";

    public static void MapUploads(this IEndpointRouteBuilder routes)
    {
        var uploads = routes.MapGroup("/uploads").WithTags("Data sets");
        uploads.MapPost("/", CreateAsync).WithName("CreateUpload").WithSummary("Begin an upload in pieces")
            .WithDescription(
                "Takes the `size` of the whole file in bytes and optionally its `name`; clients of the tus protocol send `Upload-Length` "
                + "and `Upload-Metadata` instead. Then send pieces of any length with `PATCH /uploads/{id}`, and import the file with "
                + "`POST /datasets` and the field `upload`.")
            .Accepts<UploadRequest>("application/json").WithExample("""{ "name": "pets.zip", "size": 734003200 }""")
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 415, 429, 507);
        uploads.MapPatch("/{id}", AppendAsync).WithName("AppendToUpload").WithSummary("Send the next piece of an upload")
            .WithDescription(
                "The body is the piece, of the type `application/offset+octet-stream`; the header `Upload-Offset` says where it begins, "
                + "which must be where the upload ends: `GET` or `HEAD /uploads/{id}` tells. Responds 204 with "
                + "the new `Upload-Offset`.")
            .Accepts<byte[]>(PieceType).WithHeader(OffsetHeader, "Where the piece begins in the file, in bytes; required.")
            .AllowBody(limits => limits.DatasetBytes)
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 409, 413, 415, 503, 507);
        uploads.MapGet("/{id}", Get).WithName("GetUpload").AllowHead()
            .WithSummary("How much of an upload has arrived").RequireAuthorization(Scopes.Train).ProducesProblems(404);
        uploads.MapDelete("/{id}", DeleteAsync).WithName("DeleteUpload").WithSummary("Abandon an upload")
            .RequireAuthorization(Scopes.Train).ProducesProblems(404, 409);
    }

    private static Task<Results<Created<UploadResource>, ProblemResult>> CreateAsync(
        HttpContext http, UploadStore uploads, IOptions<LimitOptions> limits) =>
        UploadRequest.ReadAsync(http.Request, limits.Value.DatasetBytes, http.RequestAborted)
            .BindAsync(request => uploads.Create(request.Name, request.Size))
            .ToResultAsync(upload =>
            {
                Tell(http, upload);
                return TypedResults.Created($"/uploads/{upload.Id}", UploadResource.From(upload, uploads.Lifetime));
            });

    private static async Task<Results<NoContent, ProblemResult>> AppendAsync(
        HttpContext http, UploadStore uploads, UploadSlots slots, string id)
    {
        if (!string.Equals(http.Request.ContentType, PieceType, StringComparison.OrdinalIgnoreCase))
        {
            return new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-media-type",
                $"A piece must be sent as {PieceType}, received {ReceivedText.Text(http.Request.ContentType ?? "nothing")}.").ToResult();
        }

        var text = http.Request.Headers[OffsetHeader].ToString();
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return Problem.Invalid("request.invalid",
                $"The header {OffsetHeader} must say where the piece begins, in bytes, received \"{ReceivedText.Text(text)}\".").ToResult();
        }

        var appended = await slots.RunAsync(
            () => uploads.AppendAsync(id, offset, http.Request.ContentLength, http.Request.Body, http.RequestAborted), http.RequestAborted);
        return appended.ToResult(upload =>
        {
            Tell(http, upload);
            return TypedResults.NoContent();
        });
    }

    private static Results<Ok<UploadResource>, ProblemResult> Get(HttpContext http, UploadStore uploads, string id) =>
        uploads.Find(id).ToResult(upload =>
        {
            Tell(http, upload);
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Ok(UploadResource.From(upload, uploads.Lifetime));
        });

    private static Task<Results<NoContent, ProblemResult>> DeleteAsync(
        UploadStore uploads, string id, CancellationToken cancel) =>
        uploads.DeleteAsync(id, cancel).ToResultAsync(_ => TypedResults.NoContent());

    private static void Tell(HttpContext http, Upload upload)
    {
        http.Response.Headers[OffsetHeader] = upload.Offset.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[LengthHeader] = upload.Size.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[ProtocolHeader] = Protocol;
    }
}
