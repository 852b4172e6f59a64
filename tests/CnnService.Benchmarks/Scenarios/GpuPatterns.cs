using CnnService.Benchmarks.Gpu;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using Microsoft.Extensions.Options;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// How long patterns take on a device: one of the article's network, and eight filters of five layers of VGG16, which is too
/// large for the lazy device's compiler; a JSON line each.
/// </summary>
internal static class GpuPatterns
{
    public static async Task RunAsync(Arguments arguments)
    {
        var runtime = new TorchRuntime(Options.Create(new TorchOptions { LibraryPath = arguments.Text("--libraries", string.Empty) }));
        runtime.Require();
        var device = CheckedDevice.Parse(arguments.Text("--device", "cuda"), runtime);
        var iterations = arguments.Whole("--iterations", 0);
        using var speed = new PatternSpeed(
            device, new() { OnGpu = device.Choice == DeviceChoice.Cuda, Iterations = iterations > 0 ? iterations : null });
        var lines = new CheckLines();
        await lines.RunAsync("pattern", speed.OneAsync);
        if (!device.IsLazy)
        {
            await lines.RunAsync("patterns-vgg16", () => speed.ManyAsync(arguments.Whole("--filters", 8)));
        }

        Environment.ExitCode = lines.AllWell ? 0 : 1;
    }
}
