using System.Diagnostics;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class RegularFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnnservice-tests-");

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ReadAllBytes_OfAFileOrALinkToOne_GivesItsContent()
    {
        File.WriteAllBytes(PathOf("file"), [1, 2, 3]);
        File.CreateSymbolicLink(PathOf("link"), PathOf("file"));

        Assert.Equal([1, 2, 3], RegularFile.ReadAllBytes(PathOf("file")));
        Assert.Equal([1, 2, 3], RegularFile.ReadAllBytes(PathOf("link")));
    }

    [Fact]
    public void OpenRead_OfAPipe_RefusesInsteadOfWaitingForAWriter()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only there it is told");
        using (var made = Process.Start("mkfifo", PathOf("pipe")))
        {
            made.WaitForExit();
        }

        File.CreateSymbolicLink(PathOf("link"), PathOf("pipe"));

        var refused = Assert.Throws<NotRegularFileException>(() => RegularFile.OpenRead(PathOf("pipe")));
        Assert.Contains("'pipe' is no regular file", refused.Message, StringComparison.Ordinal);
        Assert.Throws<NotRegularFileException>(() => RegularFile.OpenRead(PathOf("link")));
        Assert.Throws<NotRegularFileException>(() => RegularFile.OpenRead("/dev/zero"));
    }

    [Fact]
    public void OpenRead_OfWhatIsNotThere_FailsAsElsewhere()
    {
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(PathOf("none")));
        Assert.Throws<DirectoryNotFoundException>(() => RegularFile.OpenRead(PathOf("none/none")));
        Assert.Throws<UnauthorizedAccessException>(() => RegularFile.OpenRead(_folder.FullName));
    }
}
