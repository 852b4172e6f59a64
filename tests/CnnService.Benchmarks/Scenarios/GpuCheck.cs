using CnnService.Benchmarks.Gpu;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Training;
using CnnService.Onnx.Serving;
using CnnService.Torch.Native;
using Microsoft.Extensions.Options;
using static TorchSharp.torch;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Whether a device computes what the processor does, and how fast: a JSON line a check. Each goes on where another fails, so that one run
/// on a machine that is lent tells as much as it can. With <c>--device cpu</c> and <c>lazy</c> it is rehearsed without a GPU.
/// </summary>
internal static class GpuCheck
{
    public static Task RunAsync(Arguments arguments)
    {
        var options = Options.Create(new TorchOptions { LibraryPath = arguments.Text("--libraries", string.Empty) });
        var lines = new CheckLines();
        var runtime = new TorchRuntime(options);
        var device = CheckedDevice.Parse(arguments.Text("--device", "cuda"), runtime);
        lines.Run("libtorch", () => runtime.Status.Match(
            info => new CheckResult(device.IsAmong(info.Devices), ("version", info.Version), ("folder", info.Folder),
                ("devices", string.Join(", ", info.Devices)), ("threads", info.Threads)),
            problem => new CheckResult(false, ("problem", problem.Detail),
                ("missing", problem.Data.GetValueOrDefault("missing")))));
        if (!runtime.Status.Match(info => device.IsAmong(info.Devices), _ => false))
        {
            Environment.ExitCode = 1;
            return Task.CompletedTask;
        }

        CheckNetworks(lines, device);
        var trainings = new TrainingChecks(device);
        lines.Run("same-seed-twice", trainings.SameSeedTwice);
        lines.Run("resume-from-processor", trainings.ResumeFromTheProcessor);
        CheckSpeed(lines, device);
        CheckServing(lines, device);
        lines.Run("too-large-a-batch", trainings.TooLargeABatch); // Last: it fills the device.
        Environment.ExitCode = lines.AllWell ? 0 : 1;
        return Task.CompletedTask;
    }

    private static void CheckNetworks(CheckLines lines, CheckedDevice device)
    {
        lines.Run("bfloat16-products", () => RoundedProducts.Check(device.Device));
        foreach (var preset in PresetCatalog.All.Where(preset => device.Takes(preset.Name)))
        {
            var parity = new PresetParity(preset);
            lines.Run("float32", () => parity.Float32(device.Device));
            lines.Run("bfloat16", () => parity.Bfloat16(device.Device));
        }
    }

    /// <summary>On the GPU where this build's ONNX Runtime has the provider, else on the processor, which the line says.</summary>
    private static void CheckServing(CheckLines lines, CheckedDevice device)
    {
        var onGpu = device.IsGpu && Sessions.CanHaveCuda(threads: 0);
        var serving = onGpu ? ServingDevice.Cuda : ServingDevice.Cpu;
        lines.Run("serving-device", () => ServingCheck.Device(serving));
        foreach (var batchSize in new[] { 1, 5, 32 })
        {
            lines.Run("serving-answers", () => ServingCheck.Answers(serving, batchSize, onGpu ? 200 : 5));
        }
    }

    private static void CheckSpeed(CheckLines lines, CheckedDevice device)
    {
        foreach (var batchSize in device.IsGpu ? [32, 256] : new[] { 32 })
        {
            foreach (var type in new[] { ScalarType.BFloat16, ScalarType.Float32 })
            {
                lines.Run("step", () =>
                {
                    using var bench = new StepSpeed(device.Device, type, OptimizerKind.Adam, batchSize);
                    var (none, plain, fused, rate) = bench.Measure(device.IsGpu ? 5 : 3, device.IsGpu ? 50 : 2);
                    return new(true, ("batchSize", batchSize), ("type", type.ToString()), ("withoutOptimizer", none),
                        ("plainOptimizer", plain), ("fusedOptimizer", fused), ("imagesPerSecond", rate));
                });
            }
        }
    }
}
