using System.Runtime.InteropServices;

namespace CnnService.Torch.Native;

/// <summary>
/// cuDNN's search for the fastest kernel of each convolution, once for each shape; PyTorch's <c>torch.backends.cudnn.benchmark</c>, which
/// TorchSharp does not expose. Worth it in training, where a shape comes back thousands of times.
/// </summary>
internal static unsafe class CudnnSearch
{
    private const string MainLibrary = "libtorch_cpu.so";
    private const string Context = "_ZN2at13globalContextEv"; // at::globalContext()
    private const string Setter = "_ZN2at7Context17setBenchmarkCuDNNEb"; // at::Context::setBenchmarkCuDNN(bool)
    private const string Getter = "_ZNK2at7Context14benchmarkCuDNNEv"; // at::Context::benchmarkCuDNN() const

    /// <summary>Whether it is on in this process; false if libtorch does not tell.</summary>
    internal static bool IsOn => Find(Getter) is var (context, getter) && getter != 0
        && ((delegate* unmanaged<nint, byte>)getter)(context) != 0;

    /// <summary>Switches it on or off. A libtorch that does not export it is left as it is.</summary>
    /// <param name="wanted">Whether to search.</param>
    internal static void Set(bool wanted)
    {
        if (Find(Setter) is var (context, setter) && setter != 0)
        {
            ((delegate* unmanaged<nint, byte, void>)setter)(context, wanted ? (byte)1 : (byte)0);
        }
    }

    /// <summary>The global context and a method of it, by libtorch's name in the process; zero if there is none.</summary>
    private static (nint Context, nint Method) Find(string method) =>
        NativeLibrary.TryLoad(MainLibrary, out var library)
            && NativeLibrary.TryGetExport(library, Context, out var context)
            && NativeLibrary.TryGetExport(library, method, out var found)
                ? (((delegate* unmanaged<nint>)context)(), found)
                : default;
}
