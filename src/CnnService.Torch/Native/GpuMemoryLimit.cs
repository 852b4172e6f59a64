using System.Globalization;

namespace CnnService.Torch.Native;

/// <summary>
/// Holds libtorch to a share of the GPU's memory. Its allocator reads that from the environment when it is loaded, in versions that know
/// it; the others end at a name they do not know, so that the library itself is asked first.
/// </summary>
internal static class GpuMemoryLimit
{
    private const string Name = "per_process_memory_fraction";
    private const string Variable = "PYTORCH_ALLOC_CONF";
    private const string FormerVariable = "PYTORCH_CUDA_ALLOC_CONF";

    /// <summary>Of a libtorch for CUDA; the first one is only there.</summary>
    private static readonly string[] Allocator = ["libc10_cuda.so", "libc10.so"];

    /// <summary>The name as a string of C, with no other one in front of it.</summary>
    private static ReadOnlySpan<byte> NameInLibrary => "\0per_process_memory_fraction\0"u8;

    /// <summary>Has an effect only before libtorch is loaded; a share that the environment already has wins.</summary>
    /// <param name="folder">Of libtorch.</param>
    /// <param name="share">Above 0 to 1; 1 is no limit.</param>
    internal static void Apply(string folder, double share)
    {
        if (Setting(folder, share, Environment.GetEnvironmentVariable) is var (variable, value))
        {
            HostMemory.SetVariable(variable, value);
        }
    }

    /// <summary>Whether the libtorch of a folder is one for a GPU that knows a limit.</summary>
    internal static bool IsKnownTo(string folder)
    {
        string[] files = [.. Allocator.Select(name => Path.Combine(folder, name))];
        return File.Exists(files[0])
            && files.Where(File.Exists).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(NameInLibrary) >= 0);
    }

    /// <summary>The variable that holds libtorch to its share, with what it has already; null if nothing is to be set.</summary>
    internal static (string Variable, string Value)? Setting(string folder, double share, Func<string, string?> environment)
    {
        if (share >= 1 || !IsKnownTo(folder))
        {
            return null;
        }

        var variable = string.IsNullOrEmpty(environment(Variable)) ? FormerVariable : Variable;
        var present = environment(variable) ?? string.Empty;
        var own = $"{Name}:{share.ToString("0.###", CultureInfo.InvariantCulture)}";
        return present.Contains(Name, StringComparison.Ordinal) ? null
            : (variable, present.Length == 0 ? own : $"{present},{own}");
    }
}
