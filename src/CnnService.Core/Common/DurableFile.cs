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
            RandomAccess.FlushToDisk(handle);
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
            stream.Flush(flushToDisk: true);
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
            stream.Flush(flushToDisk: true);
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
            throw Failed("opened to flush it");
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Native.FSync(descriptor) != 0)
        {
            throw Failed("flushed");
        }

        IOException Failed(string what)
        {
            var error = Marshal.GetLastPInvokeError();
            return new($"The folder '{folder}' cannot be {what} (errno {error}).") { HResult = error };
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
        internal static partial int FSync(int descriptor);
    }
}
