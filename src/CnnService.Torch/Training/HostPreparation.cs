using CnnService.Core.Training;
using CnnService.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>What libtorch is told before it computes for a plan, in steps or once for each image. Holds for the process.</summary>
internal static class HostPreparation
{
    /// <summary>The threads of the plan, and, by device, how memory is kept or float32 is multiplied.</summary>
    internal static void Prepare(TrainingPlan plan, Device device)
    {
        set_num_threads(plan.Threads == 0 ? Environment.ProcessorCount : plan.Threads);
        if (device.type == DeviceType.CPU)
        {
            HostMemory.KeepFreedBuffers();
        }
        else
        {
            GpuArithmetic.TakeFloat32AtItsWord();
        }
    }
}
