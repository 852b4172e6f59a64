using System.Runtime.InteropServices;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Devices;

/// <summary>
/// Where the kernels of oneDNN are wrong (see <see cref="ConvolutionSelfTest"/>), libtorch computes without it as long as this lives: the
/// lazy device has nothing in front of them, and would give wrong numbers.
/// </summary>
public sealed unsafe class PlainConvolutions : IDisposable
{
    private const string GlobalContext = "_ZN2at13globalContextEv"; // at::globalContext()
    private const string Enable = "_ZN2at7Context20setUserEnabledMkldnnEb"; // at::Context::setUserEnabledMkldnn(bool)

    private readonly bool _isNeeded;

    public PlainConvolutions()
    {
        LoadedTorch.Runtime.Require();
        _isNeeded = !ConvolutionSelfTest.IsTrusted(ScalarType.Float32);
        Set(!_isNeeded);
    }

    public void Dispose() => Set(true);

    private void Set(bool enabled)
    {
        if (_isNeeded)
        {
            var library = NativeLibrary.Load(Path.Combine(LoadedTorch.Runtime.Require().Folder, "libtorch_cpu.so"));
            var context = ((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, GlobalContext))();
            ((delegate* unmanaged<nint, byte, void>)NativeLibrary.GetExport(library, Enable))(context, enabled ? (byte)1 : (byte)0);
        }
    }
}
