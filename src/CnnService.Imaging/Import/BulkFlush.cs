using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CnnService.Imaging.Import;

/// <summary>Flushes many files at once, where flushing each of them would take minutes.</summary>
internal static partial class BulkFlush
{
    /// <summary>Flushes the whole file system that holds the folder. Linux only; does nothing elsewhere.</summary>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var handle = new SafeFileHandle(Open(folder, 0), ownsHandle: true);
        if (handle.IsInvalid || SyncFileSystem((int)handle.DangerousGetHandle()) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"The file system of '{folder}' cannot be flushed (errno {error}).") { HResult = error };
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(int descriptor);
}
