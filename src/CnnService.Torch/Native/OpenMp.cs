using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnService.Torch.Native;

/// <summary>
/// Sets libtorch's number of threads for the calling thread alone; <c>torch.set_num_threads</c> applies to the whole process. Calls the
/// OpenMP library that libtorch is linked to; does nothing where there is none.
/// </summary>
internal sealed unsafe class OpenMp
{
    private const string Library = "libtorch_cpu.so";

    private readonly delegate* unmanaged<int> _get;
    private readonly delegate* unmanaged<int, void> _set;

    /// <param name="folder">Folder of libtorch, which has to be loaded already.</param>
    internal OpenMp(string folder)
    {
        // The loader also searches the dependencies of the library for the symbol, whatever their file names.
        if (NativeLibrary.TryLoad(Path.Combine(folder, Library), out var handle)
            && NativeLibrary.TryGetExport(handle, "omp_get_max_threads", out var get)
            && NativeLibrary.TryGetExport(handle, "omp_set_num_threads", out var set))
        {
            _get = (delegate* unmanaged<int>)get;
            _set = (delegate* unmanaged<int, void>)set;
        }
    }

    /// <summary>Runs the work with all tensor operations on the calling thread.</summary>
    internal T RunOnOneThread<T>(Func<T> work)
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
