using System.Buffers.Binary;
using System.Text;

namespace CnnService.Torch.Native;

/// <summary>
/// Reads the sections of a 64-bit little-endian ELF file. Whatever reads beyond the file throws an ArgumentOutOfRangeException.
/// </summary>
/// <remarks>Layout: System V gABI, "Sections" and "Symbol Table".</remarks>
internal static class ElfSections
{
    /// <summary>The type of the section of dynamic symbols, <c>SHT_DYNSYM</c>.</summary>
    internal const uint DynamicSymbols = 11;

    /// <summary>Bytes of an entry of that section, <c>Elf64_Sym</c>.</summary>
    internal const int SymbolBytes = 24;

    /// <exception cref="BadImageFormatException">The file begins otherwise.</exception>
    internal static void RequireElf(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new BadImageFormatException("The file is not a 64-bit little-endian ELF file.");
        }
    }

    /// <summary>The first section of a type.</summary>
    /// <exception cref="BadImageFormatException">There is none.</exception>
    internal static ElfSection Section(ReadOnlySpan<byte> file, uint type)
    {
        for (var i = 0; i < UInt16(file, 60); i++)
        {
            if (SectionAt(file, i) is var section && section.Type == type)
            {
                return section;
            }
        }

        throw new BadImageFormatException($"The file has no section of type 0x{type:x}.");
    }

    internal static ElfSection SectionAt(ReadOnlySpan<byte> file, int index)
    {
        var header = Int64(file, 40) + (UInt16(file, 58) * index);
        return new(
            (uint)Int32(file, header + 4), Int64(file, header + 24), Int64(file, header + 32), Int32(file, header + 40),
            (uint)Int32(file, header + 44));
    }

    /// <summary>The text at an offset, up to its zero byte.</summary>
    internal static string Text(ReadOnlySpan<byte> file, int offset)
    {
        var rest = file[offset..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    internal static ushort UInt16(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(file[offset..]);

    internal static int Int32(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadInt32LittleEndian(file[offset..]);

    /// <summary>Reads an offset or a size. One beyond 2 GB becomes an invalid index and fails at the next access.</summary>
    internal static int Int64(ReadOnlySpan<byte> file, int offset) =>
        (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(file[offset..]));
}

/// <param name="Type">What it holds, <c>sh_type</c>.</param>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Link">The index of the section that holds its names, <c>sh_link</c>.</param>
/// <param name="Info">The number of entries, in sections of versions, <c>sh_info</c>.</param>
internal readonly record struct ElfSection(uint Type, int Offset, int Size, int Link, uint Info);
