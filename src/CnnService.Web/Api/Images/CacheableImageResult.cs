using Microsoft.Net.Http.Headers;

namespace CnnService.Web.Api.Images;

/// <summary>Responses with images that never change for a URL: clients may cache them and revalidate by ETag.</summary>
internal static class CacheableImageResult
{
    private const string CacheRule = "private, max-age=0, must-revalidate";

    /// <summary>304 if the client already has the image with this ETag; null if it must be sent.</summary>
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

    /// <summary>The file with its tag.</summary>
    public static IResult File(HttpContext http, byte[] content, string mediaType, string tag)
    {
        http.Response.Headers.CacheControl = CacheRule;
        return TypedResults.File(content, mediaType, entityTag: new EntityTagHeaderValue(Quoted(tag)));
    }

    private static string Quoted(string tag) => $"\"{tag}\"";
}
