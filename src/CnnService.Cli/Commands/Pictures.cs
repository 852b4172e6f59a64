using System.Diagnostics.CodeAnalysis;
using CnnService.Core.Common;
using CnnService.Core.Interpretation;

namespace CnnService.Cli.Commands;

/// <summary>Drawn images without a server: nothing is kept between two commands.</summary>
internal static class Pictures
{
    /// <summary>Writes the picture; the exit code.</summary>
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

    /// <summary>Forgets at once.</summary>
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
