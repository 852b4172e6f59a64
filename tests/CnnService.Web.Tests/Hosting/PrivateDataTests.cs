using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Hosting;

/// <summary>Who may read what the service writes.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PrivateDataTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnservice-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task DataDirectory_ThatTheServiceMakes_IsItsUsersAlone()
    {
        var data = Path.Combine(_folder, "data");
        await using var service = await ServiceProcess.StartAsync(data);
        using var found = await service.Client.GetAsync(CnnServiceApplication.Relative("runs"));

        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.All(Directory.EnumerateDirectories(data, "*", SearchOption.AllDirectories),
            folder => Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder)));
        var files = Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(Owner, File.GetUnixFileMode(file)));
        Assert.DoesNotContain("chmod", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataDirectory_ThatOthersMayRead_IsTold()
    {
        var data = Directory.CreateDirectory(
            Path.Combine(_folder, "open"), Owner | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute).FullName;
        File.SetUnixFileMode(data, Owner | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        await using var service = await ServiceProcess.StartAsync(data);

        Assert.Contains($"(mode 750): chmod -R go= {data}", service.Output, StringComparison.Ordinal);
    }
}
