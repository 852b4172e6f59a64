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
    private const string RepeatSetter = "_ZN2at7Context21setDeterministicCuDNNEb"; // at::Context::setDeterministicCuDNN(bool)
    private const string RepeatGetter = "_ZNK2at7Context18deterministicCuDNNEv"; // at::Context::deterministicCuDNN() const

    /// <summary>Whether it is on in this process; false if libtorch does not tell.</summary>
    internal static bool IsOn => Get(Getter);

    /// <summary>Whether only kernels are taken that give the same sums each time; false if libtorch does not tell.</summary>
    internal static bool Repeats => Get(RepeatGetter);

    /// <summary>Switches it on or off. A libtorch that does not export it is left as it is.</summary>
    /// <param name="wanted">Whether to search.</param>
    internal static void Set(bool wanted) => Set(Setter, wanted);

    /// <summary>Takes only kernels that give the same sums each time, for images that are to keep their bytes.</summary>
    internal static void Repeat() => Set(RepeatSetter, true);

    private static bool Get(string name) => Find(name) is var (context, getter) && getter != 0
        && ((delegate* unmanaged<nint, byte>)getter)(context) != 0;

    private static void Set(string name, bool wanted)
    {
        if (Find(name) is var (context, setter) && setter != 0)
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
