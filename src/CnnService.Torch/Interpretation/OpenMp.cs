using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// How many threads libtorch's operations take, for the calling thread alone: <c>torch.set_num_threads</c> is for the whole
/// process. Asks the OpenMP library that libtorch is linked to; where there is none, nothing changes.
/// </summary>
internal sealed unsafe class OpenMp
{
    private const string Library = "libtorch_cpu.so";

    private readonly delegate* unmanaged<int> _get;
    private readonly delegate* unmanaged<int, void> _set;

    /// <param name="folder">Of libtorch, which is loaded already.</param>
    internal OpenMp(string folder)
    {
        // A symbol is looked for in the library's own needs too, whatever their file names.
        if (NativeLibrary.TryLoad(Path.Combine(folder, Library), out var handle)
            && NativeLibrary.TryGetExport(handle, "omp_get_max_threads", out var get)
            && NativeLibrary.TryGetExport(handle, "omp_set_num_threads", out var set))
        {
            _get = (delegate* unmanaged<int>)get;
            _set = (delegate* unmanaged<int, void>)set;
        }
    }

    /// <summary>Does the work with operations that stay on this thread.</summary>
    internal T OnOneThread<T>(Func<T> work)
    {
        if (_get is null)
        {
            return work();
        }

        _ = torch.get_num_threads(); // libtorch sets a thread's number itself when it first asks.
        var before = _get();
        _set(1);
        try
        {
            return work();
        }
        finally
        {
            _set(before);
        }
    }
}
