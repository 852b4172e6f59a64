using System.Runtime.InteropServices;

namespace CnnService.Core.Common;

/// <summary>Files and folders that only their owner may read.</summary>
public static partial class PrivateFiles
{
    private const uint OthersMask = 0b000_111_111;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>From now on this process and its children create folders with mode 0700 and files with 0600.</summary>
    public static void CreateFromNowOn()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask(OthersMask);
        }
    }

    /// <summary>The mode of a folder, such as 755, if others than its owner may use it; null if not, or if there is none.</summary>
    public static string? OpenMode(string folder)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(folder))
        {
            return null;
        }

        var mode = File.GetUnixFileMode(folder);
        return (mode & Others) == 0 ? null : Convert.ToString((int)mode & 0b111_111_111, 8);
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
