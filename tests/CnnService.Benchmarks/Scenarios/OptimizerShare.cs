using CnnService.Benchmarks.Gpu;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using Microsoft.Extensions.Options;
using static TorchSharp.torch;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>The share of the optimizer in a training step on the processor, one parameter at a time and fused; medians of turns.</summary>
internal static class OptimizerShare
{
    public static Task RunAsync(Arguments arguments)
    {
        new TorchRuntime(Options.Create(new TorchOptions())).Require();
        HostMemory.KeepFreedBuffers();
        var batchSize = arguments.Whole("--batch-size", 32);
        foreach (var type in new[] { ScalarType.BFloat16, ScalarType.Float32 })
        {
            foreach (var kind in Enum.GetValues<OptimizerKind>())
            {
                using var bench = new StepSpeed(CPU, type, kind, batchSize);
                var (plain, plainWork, fused, fusedWork) = bench.MeasureUpdates(arguments.Whole("--updates", 40));
                var (none, _, _, _) = bench.Measure(arguments.Whole("--rounds", 5), steps: 1);
                Figures.Print(
                    $"{type} {kind}: a step without an optimizer {none.Text()} ms; plain {plain.Text()} ms ({plainWork.Text()} of work), "
                    + $"share {Share(plain)} %; fused {fused.Text()} ms ({fusedWork.Text()}), share {Share(fused)} %");

                string Share(double update) => (100 * update / (none + update)).Text();
            }
        }

        return Task.CompletedTask;
    }
}
