using System.Diagnostics;

namespace CnnService.Web.Tests.Faults;

/// <summary>
/// A file system in an image file. A copy of the image is what a power loss at that moment would leave: what reached the device, and no
/// more. Needs root; tests are skipped without.
/// </summary>
internal sealed class LossyDisk : IDisposable
{
    private readonly string _image;

    private LossyDisk(string image)
    {
        _image = image;
        Path = Directory.CreateTempSubdirectory("cnnservice-disk-").FullName;
        // Nothing is written but what is flushed, or older than a minute.
        Assert.SkipUnless(Run("mount", "-o", "loop,commit=60", image, Path) == 0, "needs the right to mount an image");
    }

    public string Path { get; }

    public static LossyDisk Create(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs root, to mount an image");
        var image = System.IO.Path.GetTempFileName();
        using (var file = File.OpenWrite(image))
        {
            file.SetLength((long)megabytes << 20);
        }

        Assert.Equal(0, Run("mkfs.ext4", "-qF", image));
        return new LossyDisk(image);
    }

    /// <summary>The disk as it would be after a power loss now.</summary>
    public LossyDisk LosePower()
    {
        var copy = System.IO.Path.GetTempFileName();
        Assert.Equal(0, Run("cp", "--sparse=always", _image, copy));
        return new LossyDisk(copy);
    }

    public void Dispose()
    {
        _ = Run("umount", "-l", Path);
        Directory.Delete(Path);
        File.Delete(_image);
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
