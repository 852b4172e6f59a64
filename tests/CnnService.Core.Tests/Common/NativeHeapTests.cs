using System.Globalization;
using System.Runtime.InteropServices;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public class NativeHeapTests
{
    [Fact]
    public void Trim_FreedBlocksBelowALiveOne_AreGivenBack()
    {
        Assert.SkipUnless(NativeHeap.CanTrim, "needs glibc");
        const int Blocks = 2000;
        const int Bytes = 50_000; // Below the size from which the C library maps a block of its own.
        var blocks = Enumerable.Range(0, Blocks).Select(_ => Fill(Marshal.AllocHGlobal(Bytes), Bytes)).ToArray();
        blocks[..^1].ToList().ForEach(Marshal.FreeHGlobal);
        var before = ResidentMegabytes();

        NativeHeap.Trim();

        Assert.InRange(before - ResidentMegabytes(), 60, double.MaxValue); // Of the 95 that were freed.
        Marshal.FreeHGlobal(blocks[^1]);
    }

    private static nint Fill(nint block, int bytes)
    {
        Marshal.Copy(new byte[bytes], 0, block, bytes);
        return block;
    }

    private static double ResidentMegabytes() => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
        .Single();
}
