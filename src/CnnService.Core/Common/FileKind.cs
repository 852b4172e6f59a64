using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CnnService.Core.Common;

/// <summary>What stands under a file's name, as the kernel tells it (<c>statx</c>, whose layout is the same on every processor).</summary>
internal sealed partial record FileKind(int Mode)
{
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint WantType = 1;
    private const int BufferBytes = 256;
    private const int ModeOffset = 28;

    public bool IsRegular => (Mode & TypeMask) == Regular;

    public bool IsFolder => (Mode & TypeMask) == Folder;

    /// <summary>The kind of a file, links followed; null if it does not exist or cannot be asked for.</summary>
    public static FileKind? Read(string path) => Ask(CurrentFolder, path, 0);

    /// <summary>The kind of an open file.</summary>
    public static FileKind? Read(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Ask((int)handle.DangerousGetHandle(), string.Empty, EmptyPath);
    }

    private static FileKind? Ask(int folder, string path, int flags)
    {
        Span<byte> buffer = stackalloc byte[BufferBytes];
        return Native.StatX(folder, path, flags, WantType, ref MemoryMarshal.GetReference(buffer)) == 0
            ? new(BinaryPrimitives.ReadUInt16LittleEndian(buffer[ModeOffset..]))
            : null;
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int StatX(int folder, string path, int flags, uint mask, ref byte buffer);
    }
}
