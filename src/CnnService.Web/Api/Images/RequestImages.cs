using CnnService.Core.Common;

namespace CnnService.Web.Api.Images;

/// <summary>Reads the images of a request: a raw image/* body, the files of a form, or base64 in JSON.</summary>
internal static class RequestImages
{
    private const int MaxImages = 256;
    private const int DefaultBytes = 1 << 20;

    /// <summary>An image file with the file name given by the client; null if there is none.</summary>
    public readonly record struct PostedImage(string? Name, ReadOnlyMemory<byte> File);

    /// <summary>
    /// All images of the request, at least one and at most 256; its route allows bodies of <see cref="LimitOptions.ImagesBytes"/>.
    /// </summary>
    public static async Task<Outcome<IReadOnlyList<PostedImage>>> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        var read = request.HasFormContentType ? await FormAsync(http)
            : request.HasJsonContentType() ? await JsonAsync(http)
            : request.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true
                ? Outcome.Success<IReadOnlyList<PostedImage>>([new(null, await BodyAsync(http))])
            : new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-media-type",
                "Send an image/* body, multipart/form-data with files, or JSON with base64 images.");
        return read.Bind(images => images.Count switch
        {
            0 => Problem.Invalid("request.no-image", "The request holds no image."),
            > MaxImages =>
                new Problem(ProblemKind.TooLarge, "request.too-many-images",
                    $"A request may hold {MaxImages} images, received {images.Count}."),
            _ => Outcome.Success(images),
        });
    }

    private static async Task<Outcome<IReadOnlyList<PostedImage>>> FormAsync(HttpContext http)
    {
        try
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var images = new List<PostedImage>();
            foreach (var file in form.Files)
            {
                var stream = file.OpenReadStream();
                await using (stream)
                {
                    var bytes = new byte[file.Length];
                    await stream.ReadExactlyAsync(bytes, http.RequestAborted);
                    images.Add(new(file.FileName, bytes));
                }
            }

            return Outcome.Success<IReadOnlyList<PostedImage>>(images);
        }
        catch (InvalidDataException malformed)
        {
            return Problem.Invalid("request.malformed", $"The form is malformed or breaks a limit: {malformed.Message}");
        }
        catch (IOException cut) when (cut is not BadHttpRequestException)
        {
            return Problem.Invalid("request.malformed", "The form breaks off.");
        }
    }

    private static async Task<Outcome<IReadOnlyList<PostedImage>>> JsonAsync(HttpContext http)
    {
        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted);
        return body.Bind(json =>
        {
            var errors = new ValidationErrors();
            var request = JsonFieldReader.Read<Base64Images>(json, errors);
            var images = new List<PostedImage>();
            foreach (var (text, index) in (request?.Images ?? []).Select((text, index) => (text, index)))
            {
                var bytes = new byte[((text?.Length ?? 0) / 4 * 3) + 3];
                var length = 0;
                if (errors.Require(text is not null && Convert.TryFromBase64String(text, bytes, out length), $"images[{index}]",
                    "must be base64"))
                {
                    images.Add(new(null, bytes.AsMemory(0, length)));
                }
            }

            return errors.Any ? Problem.Validation(errors) : Outcome.Success<IReadOnlyList<PostedImage>>(images);
        });
    }

    /// <summary>
    /// Preallocates the declared length up to 1 MiB only: beyond that, memory grows with the bytes that actually arrive.
    /// </summary>
    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext http)
    {
        using var memory = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 0, DefaultBytes));
        await http.Request.Body.CopyToAsync(memory, http.RequestAborted);
        return memory.GetBuffer().AsMemory(0, (int)memory.Length);
    }

    /// <summary>A JSON body with base64-encoded image files.</summary>
    internal sealed record Base64Images
    {
        public required IReadOnlyList<string> Images { get; init; }
    }
}
