using CnnService.Core.Common;
using Microsoft.AspNetCore.Http.Features;

namespace CnnService.Web.Api.Images;

/// <summary>Reads the images of a request: a raw image/* body, the files of a form, or base64 in JSON.</summary>
internal static class RequestImages
{
    private const int MaxImages = 256;

    /// <summary>Parts of a form are counted while they arrive, so that no more of them are stored.</summary>
    private static readonly FormOptions Limits = new()
    {
        ValueCountLimit = MaxImages + 1,
        ValueLengthLimit = 4096,
        KeyLengthLimit = 256,
        MultipartHeadersCountLimit = 16,
    };

    /// <summary>An image file with the file name given by the client; null if there is none.</summary>
    public readonly record struct PostedImage(string? Name, ReadOnlyMemory<byte> File);

    /// <summary>The only image of a request; more than one is a problem, not a choice.</summary>
    public static async Task<Outcome<PostedImage>> ReadOneAsync(HttpContext http) =>
        (await ReadAsync(http)).Bind<PostedImage>(images => images.Count == 1
            ? images[0]
            : Problem.Invalid("request.too-many-images", $"One image at a time is taken here, received {images.Count}."));

    /// <summary>
    /// All images of the request, at least one and at most 256; its route allows bodies of <see cref="LimitOptions.ImagesBytes"/>.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="fields">The text fields that a form may have beside the files; null: none.</param>
    public static async Task<Outcome<IReadOnlyList<PostedImage>>> ReadAsync(HttpContext http, FormFields? fields = null)
    {
        var request = http.Request;
        var read = request.HasFormContentType ? await FormAsync(http, fields ?? FormFields.None)
            : request.HasJsonContentType() ? await JsonAsync(http)
            : request.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true
                ? Outcome.Success<IReadOnlyList<PostedImage>>([new(null, await request.BytesAsync(http.RequestAborted))])
            : new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-media-type",
                "Send an image/* body, multipart/form-data with files, or JSON with base64 images.");
        return read.Bind(images => images.Count switch
        {
            0 => Problem.Invalid("request.no-image", "The request holds no image."),
            > MaxImages => TooMany(images.Count),
            _ => Outcome.Success(images),
        });
    }

    private static Problem TooMany(int received) => new(ProblemKind.TooLarge, "request.too-many-images",
        $"A request may hold {MaxImages} images, received {received}.");

    private static async Task<Outcome<IReadOnlyList<PostedImage>>> FormAsync(HttpContext http, FormFields fields)
    {
        try
        {
            var form = await http.Request.ReadFormAsync(Limits, http.RequestAborted);
            if (fields.FindProblem(form) is { } problem)
            {
                return problem;
            }

            if (form.Files.Count > MaxImages)
            {
                return TooMany(form.Files.Count);
            }

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
            if (request?.Images.Count > MaxImages)
            {
                return TooMany(request.Images.Count);
            }

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

    /// <summary>A JSON body with base64-encoded image files.</summary>
    internal sealed record Base64Images
    {
        /// <summary>1 to 256 images, as files in base64.</summary>
        [JsonItems(JsonFieldReader.MaxValues)]
        public required IReadOnlyList<string> Images { get; init; }
    }
}
