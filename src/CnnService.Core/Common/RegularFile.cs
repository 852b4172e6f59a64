using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CnnService.Core.Common;

/// <summary>
/// Reads files without ever waiting for anybody: a pipe, device or socket in a file's place is refused, instead of blocking its reader
/// until somebody writes to it. On systems other than Linux any file is opened.
/// </summary>
public static partial class RegularFile
{
    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int PlaceOnly = 0x200000;

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">Links are followed.</param>
    /// <exception cref="NotRegularFileException">It is no regular file. Others as of <see cref="File.OpenRead(string)"/>.</exception>
    public static FileStream OpenRead(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!OperatingSystem.IsLinux() || !IsSupported)
        {
            return File.OpenRead(path);
        }

        // Looked at before it is opened, because opening a device can have effects; and after, because it can be exchanged in between.
        var kind = FileKind.Read(path);
        if (kind is { IsFolder: true })
        {
            return File.OpenRead(path); // Fails by itself, with the exception that fits.
        }

        Require(kind, path);
        var descriptor = Native.Open(path, ReadOnly | NonBlocking | CloseOnExec);
        if (descriptor < 0)
        {
            return File.OpenRead(path); // Fails alike, with the exception that fits.
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            Require(FileKind.Read(handle), path);
            return new FileStream(handle, FileAccess.Read);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the file that stands at this very path: one that a symbolic link leads to, its own name's or that of a folder on the way, is
    /// refused. The open file is asked for its place, so that nothing exchanged meanwhile goes unnoticed.
    /// </summary>
    /// <param name="path">As of <see cref="RealPath"/>.</param>
    /// <exception cref="NotRegularFileException">A link leads to it. Others as of <see cref="OpenRead"/>.</exception>
    public static FileStream OpenReadWithoutLinks(string path)
    {
        var stream = OpenRead(path);
        if (OperatingSystem.IsLinux() && IsSupported && PlaceOf(stream.SafeFileHandle) != path)
        {
            stream.Dispose();
            throw new NotRegularFileException(path);
        }

        return stream;
    }

    /// <summary>The full path of a file or folder with all links resolved, where the system tells it; else its full path.</summary>
    public static string RealPath(string path)
    {
        if (!OperatingSystem.IsLinux() || !IsSupported)
        {
            return Path.GetFullPath(path);
        }

        var descriptor = Native.Open(path, PlaceOnly | CloseOnExec);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        return descriptor >= 0 && PlaceOf(handle) is { } place ? place : Path.GetFullPath(path);
    }

    /// <summary>Where an open file stands now; null if the system does not tell.</summary>
    private static string? PlaceOf(SafeFileHandle handle) => new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget;

    /// <summary>Reads a whole file.</summary>
    /// <inheritdoc cref="OpenRead" path="/exception"/>
    public static byte[] ReadAllBytes(string path)
    {
        using var stream = OpenRead(path);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>The flags of <c>open</c> differ between processors; these are those of x86 and Arm.</summary>
    private static bool IsSupported => RuntimeInformation.ProcessArchitecture
        is System.Runtime.InteropServices.Architecture.X64 or System.Runtime.InteropServices.Architecture.Arm64;

    private static void Require(FileKind? kind, string path)
    {
        if (kind is { IsRegular: false })
        {
            throw new NotRegularFileException(path);
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int Open(string path, int flags);
    }
}
