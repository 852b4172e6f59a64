namespace CnnService.Torch.Native;

/// <summary>A libtorch lacks functions that the binding calls. The message is one sentence.</summary>
/// <param name="folder">The folder of libtorch.</param>
/// <param name="version">Its version.</param>
/// <param name="symbols">All that are missing, as the compiler writes them.</param>
internal sealed class MissingSymbolsException(string folder, string version, IReadOnlyList<string> symbols)
    : DllNotFoundException(Sentence(folder, version, symbols))
{
    /// <summary>How many the sentence names.</summary>
    private const int Named = 12;

    /// <summary>All that are missing, as in C++ source.</summary>
    public IReadOnlyList<string> Symbols { get; } = Readable(symbols);

    private static string Sentence(string folder, string version, IReadOnlyList<string> symbols)
    {
        var names = Readable(symbols);
        var more = names.Length > Named ? $" and {names.Length - Named} more" : string.Empty;
        return $"The libtorch {version} in {folder} lacks {names.Length} of the functions that TorchSharp {Binding.Version} calls: "
            + $"{string.Join(", ", names.Take(Named))}{more}.";
    }

    private static string[] Readable(IReadOnlyList<string> symbols) =>
        [.. symbols.Select(BindingSymbols.Readable).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
