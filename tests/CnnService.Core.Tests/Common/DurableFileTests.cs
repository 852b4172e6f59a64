using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class DurableFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ExistingFile_IsReplacedAndNothingElseLies()
    {
        DurableFile.Write(_folder["a"], "long old content"u8);
        DurableFile.Write(_folder["a"], "new"u8);

        Assert.Equal("new", File.ReadAllText(_folder["a"]));
        Assert.Equal([_folder["a"]], Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Flush_OfWhatTheDeviceDoesNotTake_Fails()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a device that cannot be flushed");
        using var file = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);

        var failure = Assert.Throws<IOException>(() => DurableFile.Flush(file, "/dev/null"));

        Assert.Equal(22, failure.HResult); // EINVAL; of a broken disk it is EIO.
    }

    [Fact]
    public void Write_StreamThatFails_KeepsTheOldFileAndNoTemporary()
    {
        DurableFile.Write(_folder["a"], "old"u8);

        Assert.Throws<InvalidOperationException>(() => DurableFile.Write(_folder["a"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));

        Assert.Equal("old", File.ReadAllText(_folder["a"]));
        Assert.Equal([_folder["a"]], Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Write_WhileBeingWritten_TheFinalNameShowsTheOldContent()
    {
        DurableFile.Write(_folder["a"], "old"u8);
        var seen = "";

        DurableFile.Write(_folder["a"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            seen = File.ReadAllText(_folder["a"]);
            Assert.Contains(DurableFile.TemporaryMark, Directory.GetFiles(_folder.Root).Single(file => file != _folder["a"]),
                StringComparison.Ordinal);
        });

        Assert.Equal("old", seen);
        Assert.Equal("new", File.ReadAllText(_folder["a"]));
    }

    [Fact]
    public void Write_MissingFolder_Throws() =>
        Assert.Throws<DirectoryNotFoundException>(() => DurableFile.Write(_folder["none", "a"], "x"u8));

    [Fact]
    public void PublishFolder_ExistingTarget_ThrowsAndKeepsBoth()
    {
        Directory.CreateDirectory(_folder["new"]);
        Directory.CreateDirectory(_folder["old"]);

        Assert.ThrowsAny<IOException>(() => DurableFile.PublishFolder(_folder["new"], _folder["old"]));

        Assert.True(Directory.Exists(_folder["new"]));
    }

    [Fact]
    public void PublishFolder_FreeName_MovesEverything()
    {
        Directory.CreateDirectory(_folder["new"]);
        DurableFile.Write(_folder["new", "a"], Encoding.UTF8.GetBytes("x"));

        DurableFile.PublishFolder(_folder["new"], _folder["done"]);

        Assert.Equal("x", File.ReadAllText(_folder["done", "a"]));
        Assert.False(Directory.Exists(_folder["new"]));
    }

    [Fact]
    public void FlushFolder_MissingFolder_ThrowsWithItsName()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "flushes folders on Unix only");

        Assert.Contains("none", Assert.Throws<IOException>(() => DurableFile.FlushFolder(_folder["none"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void IsDiskFull_WriteToAFullDevice_IsTrue()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");

        var failure = Assert.Throws<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            full.Write([1, 2, 3]);
        });

        Assert.True(failure.IsDiskFull());
        Assert.False(new IOException("another").IsDiskFull());
    }
}
