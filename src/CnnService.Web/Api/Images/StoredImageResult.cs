using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Web.Api.Images;

/// <summary>Answers with a stored image file as it is, or with its thumbnail.</summary>
internal static class StoredImageResult
{
    private const int MinSize = 16;
    private const int MaxSize = 1024;

    /// <summary>Media type of thumbnails.</summary>
    public const string ThumbnailType = "image/jpeg";

    /// <summary>The problem of a size that is no thumbnail's; null for one that is, and for none.</summary>
    public static Problem? CheckSize(int? size) => size is < MinSize or > MaxSize
        ? Problem.Invalid("request.invalid", $"size must be between {MinSize} and {MaxSize}, received {size}.")
        : null;

    /// <summary>Problems: <c>request.invalid</c> for the size, those of finding the file and of decoding it.</summary>
    /// <param name="http">Its response gets a neutral file name, as stored names come from clients.</param>
    /// <param name="thumbnailer">Scales the image.</param>
    /// <param name="size">Side in pixels of the square that a thumbnail fits; null: the file as it is.</param>
    /// <param name="find">Finds the file; not called for an invalid size.</param>
    public static async Task<IResult> AnswerAsync(
        HttpContext http, IThumbnailer thumbnailer, int? size, Func<Task<Outcome<(string MediaType, byte[] File)>>> find)
    {
        if (CheckSize(size) is { } problem)
        {
            return problem.ToResult();
        }

        var image = (await find()).Bind(found => size is null
            ? found
            : thumbnailer.Create(found.File, size.Value).Map(thumbnail => (MediaType: ThumbnailType, File: thumbnail)));
        return image.ToIResult(shown =>
        {
            http.Response.Headers.ContentDisposition = "inline; filename=\"image\"";
            return TypedResults.File(shown.File, shown.MediaType);
        });
    }
}
