using System.Buffers.Binary;
using static CnnService.Torch.Native.ElfSections;

namespace CnnService.Torch.Native;

/// <summary>
/// Marks a shared object's dependency on one symbol version as weak (<c>VER_FLG_WEAK</c> in its <c>Elf64_Vernaux</c>), so that the dynamic
/// loader accepts a library that lacks the version. Safe only if no symbol in use has that version, which is checked.
/// </summary>
/// <remarks>Layout: System V gABI and LSB core, "Symbol Versioning". 64 bit, little endian.</remarks>
internal static class ElfVersionPatcher
{
    private const ushort Weak = 0x2;
    private const uint VersionNeed = 0x6ffffffe;
    private const uint SymbolVersions = 0x6fffffff;

    /// <summary>Sets the flag in place.</summary>
    /// <param name="file">The content of the whole file.</param>
    /// <param name="version">For example <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="symbol">The only symbol that may have the version.</param>
    /// <returns>The offset of the modified flags field.</returns>
    /// <exception cref="BadImageFormatException">
    /// The file is not a 64-bit ELF shared object or does not need the version, or another symbol has the version too.
    /// </exception>
    internal static int MarkWeak(Span<byte> file, string version, string symbol)
    {
        try
        {
            return Find(file, version, symbol) is { } offset
                ? Set(file, offset)
                : throw new BadImageFormatException($"The file does not need the version {version}.");
        }
        catch (ArgumentOutOfRangeException broken)
        {
            throw new BadImageFormatException("The file is not a whole 64-bit ELF shared object.", broken);
        }
    }

    private static int Set(Span<byte> file, int entry)
    {
        var flags = file.Slice(entry + 4, 2);
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(UInt16(file, entry + 4) | Weak));
        return entry + 4;
    }

    private static int? Find(ReadOnlySpan<byte> file, string version, string symbol)
    {
        RequireElf(file);
        var needs = Section(file, VersionNeed);
        var names = SectionAt(file, needs.Link);
        var need = needs.Offset;
        for (var i = 0u; i < needs.Info; i++)
        {
            var entry = need + Int32(file, need + 8);
            for (var count = UInt16(file, need + 2); count > 0; count--)
            {
                if (Text(file, names.Offset + Int32(file, entry + 8)) == version)
                {
                    RequireOnly(file, UInt16(file, entry + 6), symbol);
                    return entry;
                }

                entry += Int32(file, entry + 12);
            }

            need += Int32(file, need + 12);
        }

        return null;
    }

    /// <summary>Throws if a symbol other than the given one has the version.</summary>
    private static void RequireOnly(ReadOnlySpan<byte> file, ushort version, string symbol)
    {
        var versions = Section(file, SymbolVersions);
        var symbols = Section(file, DynamicSymbols);
        var names = SectionAt(file, symbols.Link);
        for (var i = 0; i < versions.Size / 2; i++)
        {
            if ((UInt16(file, versions.Offset + (2 * i)) & 0x7fff) == version
                && Text(file, names.Offset + Int32(file, symbols.Offset + (24 * i))) is var other && other != symbol)
            {
                throw new BadImageFormatException($"The symbol {other} needs the version too.");
            }
        }
    }
}
