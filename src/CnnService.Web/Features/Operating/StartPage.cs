using System.Reflection;

namespace CnnService.Web.Features.Operating;

/// <summary>
/// The page at / and its files, which show the state of the service by calling the API from the browser. They are embedded in the assembly
/// and contain no data of the service, so they are public; the page sends the user's API key where required.
/// </summary>
internal static class StartPage
{
    private static readonly (string Route, string File, string MediaType)[] Files =
    [
        ("/", "StartPage.html", "text/html; charset=utf-8"),
        ("/dashboard/page.css", "page.css", "text/css; charset=utf-8"),
        ("/dashboard/page.js", "page.js", "text/javascript; charset=utf-8"),
        ("/dashboard/key.js", "key.js", "text/javascript; charset=utf-8"),
    ];

    public static void MapStartPage(this IEndpointRouteBuilder routes)
    {
        foreach (var (route, file, mediaType) in Files)
        {
            var content = Read(file);
            routes.MapGet(route, () => TypedResults.Bytes(content, mediaType)).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
