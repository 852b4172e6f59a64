using System.Runtime.InteropServices;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Devices;

/// <summary>
/// The lazy device of libtorch's CPU build, which stands for a GPU. It records operations and computes them when a value is read; most of
/// them refuse a tensor of the processor among their inputs, as those of a GPU do.
/// </summary>
internal static unsafe class LazyDevice
{
    private const string Start = "_ZN5torch4lazy22InitTorchScriptBackendEv"; // torch::lazy::InitTorchScriptBackend()
    private const string Optimize = "_ZN5torch3jit24setGraphExecutorOptimizeEb"; // torch::jit::setGraphExecutorOptimize(bool), of a thread
    private const string Profiling = "_ZN5torch3jit15getExecutorModeEv"; // torch::jit::getExecutorMode(), a reference
    private const string Executor = "_ZN5torch4lazy17LazyGraphExecutor3GetEv"; // torch::lazy::LazyGraphExecutor::Get()

    // torch::lazy::LazyGraphExecutor::SyncLiveTensorsGraph(device, devices, wait)
    private const string SyncLive = "_ZN5torch4lazy17LazyGraphExecutor20SyncLiveTensorsGraphEPKNS0_13BackendDeviceEN3c108ArrayRefI"
        + "NSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEEEb";

    private const DeviceType Type = (DeviceType)17;

    private static readonly Lazy<Device> Started = new(() =>
    {
        ((delegate* unmanaged<void>)Export(Start))();
        *((delegate* unmanaged<byte*>)Export(Profiling))() = 0; // Each graph is run a few times only.
        return new(Type, 0);
    });

    internal static Device Device
    {
        get
        {
            var device = Started.Value;
            ((delegate* unmanaged<byte, void>)Export(Optimize))(0);
            return device;
        }
    }

    /// <summary>This device, whichever is asked for.</summary>
    internal static IDevices Only => new One(Device);

    /// <summary>This device where a GPU is asked for, else the processor.</summary>
    internal static IDevices AsGpu => new BesideTheProcessor(Device);

    /// <summary>
    /// Computes what has been recorded. Without it the steps of an epoch are one program, which takes long to compile; and a batch
    /// normalization updates its running statistics in the moment in which it is computed.
    /// </summary>
    internal static void Sync()
    {
        var executor = ((delegate* unmanaged<nint>)Export(Executor))();
        ((delegate* unmanaged<nint, nint, nint, nint, byte, void>)Export(SyncLive))(executor, 0, 0, 0, 1);
    }

    /// <summary>Of the libtorch that the process has loaded, from wherever.</summary>
    private static nint Export(string name) => NativeLibrary.GetExport(
        NativeLibrary.Load(Path.Combine(new TorchRuntime(Options.Create(new TorchOptions())).Require().Folder, "libtorch_cpu.so")), name);

    private sealed class BesideTheProcessor(Device device) : IDevices
    {
        public Outcome<Device> Choose(DeviceChoice wanted) => wanted == DeviceChoice.Cuda ? device : CPU;
    }

    private sealed class One(Device device) : IDevices
    {
        public Outcome<Device> Choose(DeviceChoice wanted) => device;
    }
}
