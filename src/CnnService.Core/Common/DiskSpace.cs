using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CnnService.Core.Common;

/// <summary>Free disk space, the reserve that is kept, and space that is allocated ahead.</summary>
public static partial class DiskSpace
{
    /// <summary>Free bytes below which no new work starts, so that running work can finish and be recorded.</summary>
    public const long Reserve = 256L << 20;

    private const int Piece = 1 << 16;

    /// <summary>Free bytes on the disk that holds the folder, or would hold it: it need not be there.</summary>
    public static long FreeAt(string folder)
    {
        var existing = new DirectoryInfo(Path.GetFullPath(folder));
        while (existing is { Exists: false, Parent: { } parent })
        {
            existing = parent;
        }

        return new DriveInfo(existing.FullName).AvailableFreeSpace;
    }

    /// <summary>Makes a file of zeros that holds its space: a file that is only extended may hold none.</summary>
    /// <param name="path">A file there is replaced.</param>
    /// <param name="bytes">Its length.</param>
    public static void Allocate(string path, long bytes)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        if (!OperatingSystem.IsLinux() || Native.Fallocate((int)file.DangerousGetHandle(), 0, bytes) != 0)
        {
            Write(file, bytes); // The file system cannot do it at once, or is full, which the writing says.
        }
    }

    private static void Write(SafeFileHandle file, long bytes)
    {
        var zeros = new byte[Piece];
        for (var at = 0L; at < bytes; at += Piece)
        {
            RandomAccess.Write(file, zeros.AsSpan(0, (int)Math.Min(Piece, bytes - at)), at);
        }
    }

    private static partial class Native
    {
        /// <summary>Extends the file too; returns an error number, 0 for none.</summary>
        [LibraryImport("libc", EntryPoint = "posix_fallocate")]
        internal static partial int Fallocate(int file, long offset, long length);
    }
}
