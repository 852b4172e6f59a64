using System.Diagnostics.CodeAnalysis;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;

namespace CnnService.Cli.Commands;

/// <summary>Writes drawn images without a server; nothing is cached between commands.</summary>
internal static class Images
{
    /// <summary>Writes the PNG file or reports the problem; returns the exit code.</summary>
    public static int Save<TImage>(Outcome<TImage> image, FileInfo file)
        where TImage : RenderedImage => image.Match(
        drawn =>
        {
            File.WriteAllBytes(file.FullName, drawn.Png);
            Console.WriteLine(file.FullName);
            return 0;
        },
        Engines.ReportProblem);

    /// <summary>Caches nothing.</summary>
    internal sealed class NoCache : IImageCache
    {
        public bool TryGet(string key, [NotNullWhen(true)] out byte[]? bytes)
        {
            bytes = null;
            return false;
        }

        public void Put(string key, ReadOnlyMemory<byte> bytes)
        {
        }
    }
}
