using Microsoft.AspNetCore.Authorization;

namespace CnnService.Web.Features.Operating;

/// <summary>
/// The page at /studio: its files, and its document at every address below, which the page itself reads. They contain no data of the
/// service, so they are public; the page sends the person's API key where required.
/// </summary>
internal static class StudioPage
{
    private const string Document = "studio/index.html";
    private const string HtmlType = "text/html; charset=utf-8";

    public static void MapStudio(this IEndpointRouteBuilder routes)
    {
        var files = routes.ServiceProvider.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider;
        var document = new Lazy<StudioDocument?>(() => StudioDocument.Read(files.GetFileInfo(Document)));
        routes.MapGet("/", () => TypedResults.LocalRedirect($"~{ServicePages.Studio}/")).AllowAnonymous().ExcludeFromDescription();
        routes.MapStaticAssets().Add(endpoint => endpoint.Metadata.Add(new AllowAnonymousAttribute()));
        routes.MapGet($"{ServicePages.Studio}/{{**address}}", (HttpContext http) => Answer(http, document.Value)).AllowAnonymous()
            .ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext http, StudioDocument? document)
    {
        if (document is null || !AsksForPage(http.Request))
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.ContentSecurityPolicy = document.Policy;
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(document.Content, HtmlType, entityTag: document.Tag);
    }

    /// <summary>Not for a file that is not there: a script that is a document would only puzzle.</summary>
    private static bool AsksForPage(HttpRequest request) =>
        request.Headers.Accept.Count == 0 || request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
