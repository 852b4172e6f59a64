using System.Globalization;
using System.Runtime.InteropServices;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>Lets the process's writable memory grow by so many bytes and no further, until it is disposed. Linux.</summary>
internal sealed partial class MemoryLimit : IDisposable
{
    private const int Data = 2; // RLIMIT_DATA: the heap and private writable mappings.
    private const string Status = "/proc/self/status";

    private readonly Limit _before;

    internal MemoryLimit(long growth)
    {
        Check(Get(Data, out _before));
        var used = long.Parse(File.ReadLines(Status).Single(line => line.StartsWith("VmData:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
        Check(Set(Data, _before with { Soft = (ulong)(used + growth) }));
    }

    public void Dispose() => Check(Set(Data, _before));

    private static void Check(int result) => Assert.Equal(0, result);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int Set(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit(ulong Soft, ulong Hard);
}
