using System.Reflection;

namespace CnnService.Web.Features.Manual;

/// <summary>The pages and pictures of the repository that the build puts into this program, by their paths there.</summary>
internal static class ManualFiles
{
    private const string Prefix = "manual/";

    private static readonly Assembly Program = typeof(ManualFiles).Assembly;

    public static IReadOnlyList<string> Paths { get; } =
        [.. Program.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..].Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <param name="path">One of <see cref="Paths"/>.</param>
    public static byte[] Read(string path)
    {
        using var stream = Program.GetManifestResourceStream(Prefix + path)
            ?? throw new FileNotFoundException("The manual has no such file.", path);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
