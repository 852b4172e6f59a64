using System.Runtime.InteropServices;

namespace CnnService.Torch.Native;

/// <summary>
/// NNPACK is one of libtorch's single-threaded convolution backends. On a CPU that it does not support, libtorch checks it again before
/// every convolution and prints a warning to standard error each time: thousands of lines for one activation maximization.
/// </summary>
internal static unsafe class Nnpack
{
    private const string IsAvailable = "_ZN2at6native17_nnpack_availableEv"; // at::native::_nnpack_available()
    private const string Context = "_ZN2at13globalContextEv"; // at::globalContext()
    private const string Enable = "_ZN2at7Context20setUserEnabledNNPACKEb"; // at::Context::setUserEnabledNNPACK(bool)
    private const string MinLevel = "FLAGS_caffe2_log_level"; // c10's minimum level of printed messages
    private const int Errors = 2;

    /// <summary>
    /// Checks once, with warnings suppressed, and disables NNPACK where it is unavailable. Results do not change and other warnings are
    /// still printed. A libtorch that does not export these symbols is left as it is.
    /// </summary>
    /// <param name="folder">The folder of libtorch, which is already loaded.</param>
    internal static void DisableIfUnavailable(string folder)
    {
        var main = NativeLibrary.Load(Path.Combine(folder, "libtorch_cpu.so"));
        var core = NativeLibrary.Load(Path.Combine(folder, "libc10.so"));
        if (!NativeLibrary.TryGetExport(main, IsAvailable, out var available)
            || !NativeLibrary.TryGetExport(main, Context, out var context)
            || !NativeLibrary.TryGetExport(main, Enable, out var enable)
            || !NativeLibrary.TryGetExport(core, MinLevel, out var level))
        {
            return;
        }

        var before = *(int*)level;
        *(int*)level = Math.Max(before, Errors);
        var runs = ((delegate* unmanaged<byte>)available)();
        *(int*)level = before;
        if (runs == 0)
        {
            ((delegate* unmanaged<nint, byte, void>)enable)(((delegate* unmanaged<nint>)context)(), 0);
        }
    }
}
