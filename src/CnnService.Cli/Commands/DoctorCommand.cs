using System.CommandLine;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Engines;
using Microsoft.Extensions.Options;

namespace CnnService.Cli.Commands;

/// <summary>cnn doctor: loads both engines and tells which devices they have, or what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Load libtorch and ONNX Runtime and show what they run on, or what is missing.");
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        using var services = Engines.Create();
        var runtime = services.GetRequiredService<ITorchRuntime>();
        var torch = runtime.Status.Map(info =>
            $"libtorch {info.Version} in {info.Folder} on {string.Join(", ", info.Devices)}, {info.Threads} threads");
        var serving = services.GetRequiredService<IServingDevice>();
        var device = serving.Device.Map(name => $"models run on {name}{(serving.Note is { } note ? $"; {note}" : string.Empty)}");
        var faults = Math.Max(Report("training", torch), Report("serving", device));
        if (services.GetRequiredService<IGpuMemory>().TotalBytes(0) is > 0 and var bytes)
        {
            var division = GpuDivision.Create(services.GetRequiredService<IOptions<GpuOptions>>().Value, serves: true, trains: true);
            Report("gpu memory in a service", division.Describe(bytes, runtime.Status.Match(info => info.CanLimitGpuMemory, _ => true)));
        }

        return faults;
    }

    private static int Report(string part, Outcome<string> outcome) => outcome.Match(
        found =>
        {
            Console.WriteLine($"{part}: {found}");
            return 0;
        },
        problem =>
        {
            var code = Engines.ReportProblem(problem);
            foreach (var symbol in problem.Data.GetValueOrDefault("missing") as IReadOnlyList<string> ?? [])
            {
                Console.Error.WriteLine($"  {symbol}");
            }

            return code;
        });
}
