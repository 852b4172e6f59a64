using CnnService.Core.Common;
using CnnService.Imaging.Import;

namespace CnnService.Engine.Tests.Imaging.Import;

public sealed class SourceReaderTests : IDisposable
{
    private const string Secret = "of others";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnnservice-tests-");
    private readonly string _source;
    private readonly string _elsewhere;

    public SourceReaderTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only there it is told");
        _source = Path.Combine(RegularFile.RealPath(_folder.FullName), "source");
        _elsewhere = Path.Combine(_folder.FullName, "elsewhere");
        Write(_source, "a/1.png", "one");
        Write(_source, "b/2.png", "two");
        Write(_elsewhere, "2.png", Secret);
        Write(_elsewhere, "b/2.png", Secret);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Folder_ThatStays_IsRead() =>
        Assert.Equal(["one", "two"], Read().Select(Text));

    [Fact]
    public void Folder_WhoseClassIsExchangedForALinkWhileItIsRead_GivesNothingOfElsewhere()
    {
        using var reading = Read().GetEnumerator();
        Assert.True(reading.MoveNext());
        Directory.Move(Path.Combine(_source, "b"), Path.Combine(_folder.FullName, "away"));
        Directory.CreateSymbolicLink(Path.Combine(_source, "b"), _elsewhere);

        Assert.True(reading.MoveNext());
        Assert.Equal("b/2.png", reading.Current.Path);
        Assert.Equal("it is no regular file", reading.Current.Refusal);
        Assert.Null(reading.Current.Content);
    }

    [Fact]
    public void Folder_WhoseFileIsExchangedForALinkWhileItIsRead_GivesNothingOfElsewhere()
    {
        using var reading = Read().GetEnumerator();
        Assert.True(reading.MoveNext());
        File.Delete(Path.Combine(_source, "b/2.png"));
        File.CreateSymbolicLink(Path.Combine(_source, "b/2.png"), Path.Combine(_elsewhere, "2.png"));

        Assert.True(reading.MoveNext());
        Assert.NotNull(reading.Current.Refusal);
    }

    [Fact]
    public void Folder_ThatIsItselfExchangedForALinkBeforeItIsRead_GivesNothingOfElsewhere()
    {
        Directory.Delete(_source, recursive: true);
        Directory.CreateSymbolicLink(_source, _elsewhere);

        Assert.All(Read(), file => Assert.NotNull(file.Refusal));
    }

    private IEnumerable<SourceFile> Read() => SourceReader.Folder(
        _source, new SourceLimits(new ImportOptions(), maxFileBytes: 1000, packedBytes: 10_000, spoolFolder: "unused"))
        .Where(file => !file.IsFolder);

    private static string Text(SourceFile file) => System.Text.Encoding.UTF8.GetString(file.Content!);

    private static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
