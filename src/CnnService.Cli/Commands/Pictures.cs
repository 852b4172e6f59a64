using System.Diagnostics.CodeAnalysis;
using CnnService.Core.Common;
using CnnService.Core.Interpretation;

namespace CnnService.Cli.Commands;

/// <summary>Writes drawn images without a server; nothing is cached between commands.</summary>
internal static class Pictures
{
    /// <summary>Writes the PNG file or reports the problem; returns the exit code.</summary>
    public static int Save(Outcome<RenderedPicture> picture, FileInfo file)
    {
        if (picture.Problem is { } problem)
        {
            return Engines.Fail(problem);
        }

        File.WriteAllBytes(file.FullName, picture.Value.Png);
        Console.WriteLine(file.FullName);
        return 0;
    }

    /// <summary>Caches nothing.</summary>
    internal sealed class NoCache : IPictureCache
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
