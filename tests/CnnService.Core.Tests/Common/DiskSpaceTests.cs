using System.Diagnostics;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class DiskSpaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>What the disk holds is told by a program of the system, in kibibytes.</summary>
    [Theory]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    public async Task Allocate_OfAFile_IsZerosThatTakeTheirSpace(long bytes)
    {
        File.WriteAllText(_folder["space"], "was here before");

        DiskSpace.Allocate(_folder["space"], bytes);

        using var du = Process.Start(new ProcessStartInfo("du", ["-k", _folder["space"]]) { RedirectStandardOutput = true })!;
        var told = await du.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.InRange(int.Parse(told.Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture), 1024, 1100);
        var content = await File.ReadAllBytesAsync(_folder["space"], TestContext.Current.CancellationToken);
        Assert.Equal(bytes, content.Length);
        Assert.DoesNotContain(content, value => value != 0);
    }

    [Fact]
    public void FreeAt_OfAFolderThatIsNotThere_IsThatOfTheDiskThatWouldHoldIt()
    {
        // Others write to the disk meanwhile.
        Assert.InRange(DiskSpace.FreeAt(_folder["not/there/yet"]) / (double)DiskSpace.FreeAt(_folder["."]), 0.5, 2);
    }
}
