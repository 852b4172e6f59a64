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
