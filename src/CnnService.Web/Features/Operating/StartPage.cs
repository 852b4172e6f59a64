using System.Reflection;

namespace CnnService.Web.Features.Operating;

/// <summary>The page at /: what there is, read from the API by the browser.</summary>
internal static class StartPage
{
    public static byte[] Html { get; } = Read();

    private static byte[] Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("StartPage.html")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
