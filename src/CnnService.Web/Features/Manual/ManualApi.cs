namespace CnnService.Web.Features.Manual;

/// <summary>
/// The manual at /docs: the pages of src/docs, with what they link to. It holds no data of the service, so it is public; it has no scripts,
/// and nothing from elsewhere.
/// </summary>
internal static class ManualApi
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    public static void MapManual(this IEndpointRouteBuilder routes) =>
        routes.MapGet($"{ServicePages.Manual}/{{**address}}", Answer).AllowAnonymous().ExcludeFromDescription();

    private static IResult Answer(HttpContext http, ManualPages pages, string? address)
    {
        // Without the slash the links of the front would lead past it.
        if (address is null && !http.Request.Path.Value!.EndsWith('/'))
        {
            return TypedResults.LocalRedirect($"~{ServicePages.Manual}/");
        }

        if (pages.Find(address ?? string.Empty) is not { } file)
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(file.Content, file.MediaType, entityTag: file.Tag);
    }
}
