using System.Text.RegularExpressions;

namespace CnnService.Architecture.Tests;

/// <summary>The Dockerfiles, which see no more of the repository than they copy.</summary>
public partial class DockerfileTests
{
    [Theory]
    [InlineData("Dockerfile.cpu")]
    [InlineData("Dockerfile.cuda")]
    public void Image_IsBuiltFromAllThatProjectsReadOutsideOfSrc(string name)
    {
        var copied = File.ReadLines(Path.Combine(Product.Root(), "docker", name))
            .TakeWhile(line => !line.StartsWith("RUN dotnet publish", StringComparison.Ordinal))
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1]).ToArray();

        var read = ReadOutsideOfSrc().ToArray();

        Assert.NotEmpty(read);
        Assert.All(read, path => Assert.Contains(copied, start => path == start || path.StartsWith(start + "/", StringComparison.Ordinal)));
    }

    /// <summary>Paths from the repository's root.</summary>
    private static IEnumerable<string> ReadOutsideOfSrc()
    {
        var source = Path.Combine(Product.Root(), "src");
        var files = new[] { "*.csproj", "*.props", "*.targets" }
            .SelectMany(pattern => Directory.EnumerateFiles(source, pattern, SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));
        foreach (var file in files)
        {
            foreach (Match match in UpTwice().Matches(File.ReadAllText(file)))
            {
                var path = Path.GetRelativePath(Product.Root(), Path.Combine(Path.GetDirectoryName(file)!, match.Value));
                if (!path.StartsWith("..", StringComparison.Ordinal) && !path.StartsWith("src/", StringComparison.Ordinal))
                {
                    yield return path;
                }
            }
        }
    }

    [GeneratedRegex(@"\.\./\.\./[^<""\s;)]+")]
    private static partial Regex UpTwice();
}
