using System.Runtime.InteropServices;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using CnnService.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Devices;

/// <summary>
/// The lazy device of libtorch's CPU build, which stands for a GPU. It records operations and computes them when a value is read; most of
/// them refuse a tensor of the processor among their inputs, as those of a GPU do.
/// </summary>
internal static class LazyDevice
{
    private const string Start = "_ZN5torch4lazy22InitTorchScriptBackendEv"; // torch::lazy::InitTorchScriptBackend()
    private const DeviceType Type = (DeviceType)17;

    private static readonly Lazy<Device> Started = new(() =>
    {
        var library = NativeLibrary.Load(Path.Combine(LoadedTorch.Runtime.Require().Folder, "libtorch_cpu.so"));
        Marshal.GetDelegateForFunctionPointer<Action>(NativeLibrary.GetExport(library, Start))();
        return new(Type, 0);
    });

    /// <summary>Skips the test where the processor's convolutions are wrong: this device uses them untested.</summary>
    internal static Device Device
    {
        get
        {
            Assert.SkipUnless(ConvolutionSelfTest.IsTrusted(ScalarType.Float32), "This processor's convolutions are wrong.");
            return Started.Value;
        }
    }

    /// <summary>This device, whichever is asked for.</summary>
    internal static IDevices Only => new One(Device);

    private sealed class One(Device device) : IDevices
    {
        public Outcome<Device> Choose(DeviceChoice wanted) => device;
    }
}
