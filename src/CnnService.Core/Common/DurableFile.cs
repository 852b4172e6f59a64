using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CnnService.Core.Common;

/// <summary>
/// Writes files that are complete or absent after a crash or power loss: written under a temporary name, flushed to the device, renamed,
/// and the folder's entry flushed too. A rename without both flushes can leave an empty file under the final name.
/// </summary>
public static partial class DurableFile
{
    /// <summary>Part of the name of a file that is not complete yet; recovery may delete any such file.</summary>
    public const string TemporaryMark = ".tmp-";

    public static void Write(string path, ReadOnlySpan<byte> content, string attempt = "0")
    {
        var temporary = path + TemporaryMark + attempt;
        try
        {
            using var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
            RandomAccess.Write(handle, content, 0);
            Flush(handle, temporary);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        Publish(temporary, path);
    }

    /// <summary>Writes through a stream; the content is flushed and renamed only if <paramref name="write"/> returns.</summary>
    public static void Write(string path, Action<Stream> write, string attempt = "0")
    {
        ArgumentNullException.ThrowIfNull(write);
        var temporary = path + TemporaryMark + attempt;
        try
        {
            using var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
            write(stream);
            Flush(stream);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        Publish(temporary, path);
    }

    /// <inheritdoc cref="Write(string, Action{Stream}, string)"/>
    public static async Task WriteAsync(string path, Func<Stream, Task> write, string attempt = "0")
    {
        ArgumentNullException.ThrowIfNull(write);
        var temporary = path + TemporaryMark + attempt;
        try
        {
            await using var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
            await write(stream);
            Flush(stream);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        Publish(temporary, path);
    }

    /// <summary>Moves a complete, flushed file to its final name, durably.</summary>
    public static void Publish(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Moves a folder whose files are flushed to its final name, durably. The target must not exist.</summary>
    public static void PublishFolder(string temporary, string path)
    {
        FlushFolder(temporary);
        Directory.Move(temporary, path);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Writes what the stream holds and flushes its file to the device.</summary>
    /// <exception cref="IOException">The device did not take it; nothing is known of what it holds then.</exception>
    public static void Flush(FileStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Flush();
        Flush(stream.SafeFileHandle, stream.Name);
    }

    /// <summary>Flushes an open file to the device. .NET's own calls do not tell that it failed: they look for another result.</summary>
    /// <param name="handle">The file.</param>
    /// <param name="path">Named in the message.</param>
    /// <exception cref="IOException">The device did not take it; nothing is known of what it holds then.</exception>
    public static void Flush(SafeFileHandle handle, string path)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            RandomAccess.FlushToDisk(handle);
        }
        else if (Native.FSync(handle.DangerousGetHandle()) != 0)
        {
            throw Failed(path, "flushed");
        }
    }

    /// <summary>Flushes a folder's entries to the device (.NET has no call for it).</summary>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return;
        }

        var descriptor = Native.Open(folder, 0);
        if (descriptor < 0)
        {
            throw Failed(folder, "opened to flush it");
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Flush(handle, folder);
    }

    private static IOException Failed(string path, string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"'{path}' cannot be {what} (errno {error}).") { HResult = error };
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int Open(string path, int flags);

        /// <summary>The runtime's own: on macOS it flushes the device's cache too. Not 0: it failed.</summary>
        [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_FSync", SetLastError = true)]
        internal static partial int FSync(nint descriptor);
    }
}
