using System.Globalization;
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
    private const string Report = "_ZN5torch4lazy18CreateMetricReportB5cxx11Ev"; // torch::lazy::CreateMetricReport(), a std::string
    private const int StringBytes = 32; // Of a std::string: the address and the number of its characters, then room for short ones.
    private const DeviceType Type = (DeviceType)17;

    private static readonly Lazy<Device> Started = new(() =>
    {
        Marshal.GetDelegateForFunctionPointer<Action>(Export(Start))();
        return new(Type, 0);
    });

    private delegate nint ReturnString(nint result);

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

    /// <summary>What the device has counted since the process began, by the name of the counter.</summary>
    internal static unsafe Dictionary<string, long> Counters()
    {
        var report = Marshal.GetDelegateForFunctionPointer<ReturnString>(Export(Report));
        var text = stackalloc byte[StringBytes];
        report((nint)text);
        var lines = Marshal.PtrToStringUTF8(*(nint*)text, (int)*(long*)(text + sizeof(nint))).Split('\n');
        NativeMemory.Free(*(void**)text); // Allocated by operator new, which is malloc; such a report is never short.
        var counters = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < lines.Length; i++)
        {
            var (name, value) = (lines[i].Split(": "), lines[i + 1].Split(": "));
            if (name is ["Counter" or "Metric", { } counter] && value[0].Trim() is "Value" or "TotalSamples")
            {
                counters[counter] = long.Parse(value[1], CultureInfo.InvariantCulture);
            }
        }

        return counters;
    }

    private static nint Export(string name) => NativeLibrary.GetExport(
        NativeLibrary.Load(Path.Combine(LoadedTorch.Runtime.Require().Folder, "libtorch_cpu.so")), name);

    private sealed class One(Device device) : IDevices
    {
        public Outcome<Device> Choose(DeviceChoice wanted) => device;
    }
}
