namespace CnnService.Torch.Native;

/// <summary>The CPU's instruction set extensions as reported by Linux; empty elsewhere.</summary>
internal static class ProcessorFlags
{
    private const string Source = "/proc/cpuinfo";

    private static readonly Lazy<HashSet<string>> Flags = new(Read);

    /// <param name="flag">As in <c>/proc/cpuinfo</c>, for example <c>avx512_bf16</c>.</param>
    internal static bool Has(string flag) => Flags.Value.Contains(flag);

    private static HashSet<string> Read() => !File.Exists(Source)
        ? []
        : File.ReadLines(Source)
            .Where(line => line.StartsWith("flags", StringComparison.Ordinal))
            .Take(1)
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.Ordinal);
}
