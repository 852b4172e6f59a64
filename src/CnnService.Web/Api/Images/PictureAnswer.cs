using CnnService.Core.Interpretation;
using Microsoft.Net.Http.Headers;

namespace CnnService.Web.Api.Images;

/// <summary>Answers with pictures that the same URL always gives: callers keep them and ask whether they still hold.</summary>
internal static class PictureAnswer
{
    private const string CacheRule = "private, max-age=0, must-revalidate";

    /// <summary>304 where the caller has the picture of this tag; null where it has to be given.</summary>
    public static IResult? NotModified(HttpContext http, string tag)
    {
        if (http.Request.Headers.IfNoneMatch.ToString() != Quoted(tag))
        {
            return null;
        }

        http.Response.Headers.ETag = Quoted(tag);
        http.Response.Headers.CacheControl = CacheRule;
        return TypedResults.StatusCode(StatusCodes.Status304NotModified);
    }

    public static IResult File(HttpContext http, RenderedPicture picture) => File(http, picture.Png, "image/png", picture.ETag);

    /// <summary>As the other, for what may also be told in numbers.</summary>
    public static IResult File(HttpContext http, byte[] content, string mediaType, string tag)
    {
        http.Response.Headers.CacheControl = CacheRule;
        return TypedResults.File(content, mediaType, entityTag: new EntityTagHeaderValue(Quoted(tag)));
    }

    private static string Quoted(string tag) => $"\"{tag}\"";
}
