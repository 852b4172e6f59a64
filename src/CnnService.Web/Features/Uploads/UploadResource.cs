using CnnService.Web.Artifacts.Uploads;

namespace CnnService.Web.Features.Uploads;

/// <summary>An upload in pieces.</summary>
/// <param name="Id">For <c>PATCH /uploads/{id}</c>, and as <c>upload</c> in <c>POST /datasets</c>.</param>
/// <param name="Name">Name of the file; null where it was not given.</param>
/// <param name="Size">Size of the whole file in bytes.</param>
/// <param name="Offset">Bytes that have arrived: where the next piece begins.</param>
/// <param name="IsComplete">Whether the whole file has arrived.</param>
/// <param name="ExpiresAt">When it is deleted unless it is gone on with or used.</param>
internal sealed record UploadResource(string Id, string? Name, long Size, long Offset, bool IsComplete, DateTimeOffset ExpiresAt)
{
    public static UploadResource From(Upload upload, TimeSpan lifetime) =>
        new(upload.Id, upload.Name, upload.Size, upload.Offset, upload.IsComplete, upload.UpdatedAt + lifetime);
}
