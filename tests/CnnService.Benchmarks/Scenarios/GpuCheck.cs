using CnnService.Benchmarks.Gpu;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using Microsoft.Extensions.Options;
using static TorchSharp.torch;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Whether a device computes what the processor does, and how fast: a JSON line a check. Each goes on where another fails, so that one run
/// on a machine that is lent tells as much as it can. With <c>--device cpu</c> it is rehearsed without a GPU.
/// </summary>
internal static class GpuCheck
{
    public static Task RunAsync(Arguments arguments)
    {
        var wanted = arguments.Text("--device", "cuda");
        var isCuda = wanted == "cuda";
        var options = Options.Create(new TorchOptions { LibraryPath = arguments.Text("--libraries", string.Empty) });
        var lines = new CheckLines();
        var runtime = new TorchRuntime(options);
        var name = isCuda ? "cuda:0" : "cpu";
        lines.Run("libtorch", () => runtime.Status.Match(
            info => new CheckResult(info.Devices.Contains(name), ("version", info.Version), ("folder", info.Folder),
                ("devices", string.Join(", ", info.Devices)), ("threads", info.Threads)),
            problem => new CheckResult(false, ("problem", problem.Detail),
                ("missing", problem.Data.GetValueOrDefault("missing")))));
        if (!runtime.Status.Match(info => info.Devices.Contains(name), _ => false))
        {
            Environment.ExitCode = 1;
            return Task.CompletedTask;
        }

        CheckNetworks(lines, isCuda ? new Device("cuda:0") : CPU);
        var trainings = new TrainingChecks(runtime, isCuda ? DeviceChoice.Cuda : DeviceChoice.Cpu, name);
        lines.Run("same-seed-twice", trainings.SameSeedTwice);
        lines.Run("resume-from-processor", trainings.ResumeFromTheProcessor);
        lines.Run("too-large-a-batch", trainings.TooLargeABatch);
        CheckSpeed(lines, isCuda);
        lines.Run("serving-device", () => ServingCheck.Device(wanted));
        foreach (var batchSize in new[] { 1, 5, 32 })
        {
            lines.Run("serving-answers", () => ServingCheck.Answers(wanted, batchSize, isCuda ? 200 : 5));
        }

        Environment.ExitCode = lines.AllWell ? 0 : 1;
        return Task.CompletedTask;
    }

    private static void CheckNetworks(CheckLines lines, Device device)
    {
        lines.Run("bfloat16-products", () => RoundedProducts.Check(device));
        foreach (var preset in PresetCatalog.All)
        {
            var parity = new PresetParity(preset);
            lines.Run("float32", () => parity.Float32(device));
            lines.Run("bfloat16", () => parity.Bfloat16(device));
        }
    }

    private static void CheckSpeed(CheckLines lines, bool isCuda)
    {
        foreach (var batchSize in isCuda ? [32, 256] : new[] { 32 })
        {
            foreach (var type in new[] { ScalarType.BFloat16, ScalarType.Float32 })
            {
                lines.Run("step", () =>
                {
                    using var bench = new StepSpeed(isCuda ? new Device("cuda:0") : CPU, type, OptimizerKind.Adam, batchSize);
                    var (none, plain, fused, rate) = bench.Measure(isCuda ? 5 : 3, isCuda ? 50 : 2);
                    return new(true, ("batchSize", batchSize), ("type", type.ToString()), ("withoutOptimizer", none),
                        ("plainOptimizer", plain), ("fusedOptimizer", fused), ("imagesPerSecond", rate));
                });
            }
        }
    }
}
