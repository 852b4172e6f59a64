using System.Reflection;

namespace CnnService.Web.Dashboard;

/// <summary>
/// The page at <c>/</c>. Its files lie in the assembly, so that the service runs from any directory; they are open to all
/// and show nothing by themselves: the page asks the API, with the caller's key where one is needed.
/// </summary>
internal static class DashboardEndpoints
{
    private static readonly (string Route, string File, string MediaType)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/dashboard/page.css", "page.css", "text/css; charset=utf-8"),
        ("/dashboard/page.js", "page.js", "text/javascript; charset=utf-8"),
        ("/dashboard/key.js", "key.js", "text/javascript; charset=utf-8"),
    ];

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        foreach (var (route, file, mediaType) in Files)
        {
            var content = Read(file);
            routes.MapGet(route, () => TypedResults.Bytes(content, mediaType)).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static byte[] Read(string file)
    {
        var name = $"{typeof(DashboardEndpoints).Namespace}.Pages.{file}";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
