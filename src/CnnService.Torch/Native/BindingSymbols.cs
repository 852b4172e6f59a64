using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using static CnnService.Torch.Native.ElfSections;

namespace CnnService.Torch.Native;

/// <summary>
/// The functions that the binding takes from libtorch. They are bound lazily: one that the libtorch at hand lacks would end the process at
/// its first call, so all are looked up before.
/// </summary>
internal static partial class BindingSymbols
{
    private const int Weak = 2;

    /// <summary>
    /// The names that a library needs from others, as in its table of dynamic symbols, without those it can do without (weak ones).
    /// </summary>
    /// <exception cref="BadImageFormatException">The file is not a whole 64-bit ELF shared object.</exception>
    internal static IReadOnlyList<string> Needed(ReadOnlySpan<byte> file)
    {
        try
        {
            RequireElf(file);
            return Undefined(file);
        }
        catch (ArgumentOutOfRangeException broken)
        {
            throw new BadImageFormatException("The file is not a whole 64-bit ELF shared object.", broken);
        }
    }

    /// <summary>Those of the names that none of the loaded libraries, nor what these depend on, has.</summary>
    /// <param name="names">As the compiler writes them, for example <c>_ZN2at6detail13getCUDAHooksEv</c>.</param>
    /// <param name="libraries">Handles of the loaded libraries.</param>
    internal static IReadOnlyList<string> Missing(IReadOnlyList<string> names, IReadOnlyList<nint> libraries) =>
        [.. names.Where(name => name != PatchedBinding.Symbol
            && !libraries.Any(library => NativeLibrary.TryGetExport(library, name, out _)))];

    /// <summary>
    /// A name as in C++ source, <c>at::_ops::add_Tensor::call</c>, without its arguments; a name of another form stays as it is.
    /// </summary>
    internal static string Readable(string name)
    {
        if (!name.StartsWith("_ZN", StringComparison.Ordinal))
        {
            return name;
        }

        var parts = new List<string>();
        var at = name.StartsWith("_ZNK", StringComparison.Ordinal) ? 4 : 3; // K: a method of a constant object.
        while (Length().Match(name, at) is { Success: true } match)
        {
            var end = match.Index + match.Length + int.Parse(match.ValueSpan, CultureInfo.InvariantCulture);
            if (end > name.Length)
            {
                return name;
            }

            parts.Add(name[(match.Index + match.Length)..end]);
            at = end;
        }

        return at < name.Length && name[at] == 'E' ? string.Join("::", parts) : name;
    }

    private static List<string> Undefined(ReadOnlySpan<byte> file)
    {
        var symbols = Section(file, DynamicSymbols);
        var names = SectionAt(file, symbols.Link);
        var undefined = new List<string>();
        for (var at = symbols.Offset + SymbolBytes; at < symbols.Offset + symbols.Size; at += SymbolBytes)
        {
            if (UInt16(file, at + 6) == 0 && file[at + 4] >> 4 != Weak)
            {
                undefined.Add(Text(file, names.Offset + Int32(file, at)));
            }
        }

        return undefined;
    }

    [GeneratedRegex(@"\G\d{1,4}")]
    private static partial Regex Length();
}
