using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using CnnService.Cli.Reporting;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Models.Starts;
using CnnService.Core.Training;
using CnnService.Engines;
using Microsoft.Extensions.Options;

namespace CnnService.Cli.Commands;

/// <summary>cnn doctor: tries what the other verbs need, and tells what this machine has and lacks.</summary>
internal static class DoctorCommand
{
    private const string Missing = "missing";

    public static Command Create()
    {
        var command = new Command("doctor", "Load libtorch, ONNX Runtime and the image decoder, and tell what this machine has and lacks.");
        command.Answers((_, context, _) => RunAsync(context));
        return command;
    }

    private static async Task<Outcome<Answer>> RunAsync(CommandContext context)
    {
        await using var services = context.CreateEngines();
        var folders = services.GetRequiredService<StartFolders>();
        Finding[] findings =
        [
            Finding.Of("cnn", About()),
            Finding.Of("machine", Machine()),
            Finding.Of("training", Training(services)),
            Finding.Of("serving", Serving(services)),
            .. GpuMemory(services),
            Finding.Of("images", Images(services.GetRequiredService<IImageDecoder>())),
            Finding.Of("starts", services.GetRequiredService<StartCatalog>().Describe()),
            Finding.Of("temporary files", Room(Path.GetTempPath())),
            Finding.Of("prepared starts", Room(folders.Prepared)),
        ];
        var lacks = findings.Any(finding => !finding.Ok);
        return new Answer(new { Ok = !lacks, Findings = findings }, text =>
        {
            var table = new TextTable("part", "state", "what was found");
            foreach (var finding in findings)
            {
                table.Add(finding.Part, finding.Ok ? "ok" : "lacks", finding.Detail);
            }

            text.Table(table);
            foreach (var symbol in findings.SelectMany(finding => finding.Missing ?? []))
            {
                context.Report.Note($"  {symbol}");
            }
        })
        {
            ExitCode = lacks ? ExitCodes.Unavailable : ExitCodes.Done,
        };
    }

    private static string About()
    {
        var version = typeof(DoctorCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return $"{version ?? "?"} on {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, "
            + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
    }

    private static string Machine() =>
        $"{Environment.ProcessorCount} cores, {Words.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} of memory";

    private static Outcome<string> Training(ServiceProvider services) => services.GetRequiredService<ITorchRuntime>().Status.Map(info =>
        $"libtorch {info.Version} in {info.Folder} on {info.DescribeDevices()}, {info.Threads} threads");

    private static Outcome<string> Serving(ServiceProvider services)
    {
        var serving = services.GetRequiredService<IServingDevice>();
        return serving.Device.Map(name => $"models run on {name}{(serving.Note is { } note ? $"; {note}" : string.Empty)}");
    }

    /// <summary>None where there is no GPU.</summary>
    private static IEnumerable<Finding> GpuMemory(ServiceProvider services)
    {
        if (services.GetRequiredService<IGpuMemory>().TotalBytes(0) is > 0 and var bytes)
        {
            var division = GpuDivision.Create(services.GetRequiredService<IOptions<GpuOptions>>().Value, serves: true, trains: true);
            var isHeld = services.GetRequiredService<ITorchRuntime>().Status.Match(info => info.CanLimitGpuMemory, _ => true);
            yield return Finding.Of("gpu memory in a service", division.Describe(bytes, isHeld));
        }
    }

    /// <summary>Decodes an image, which loads the native library.</summary>
    private static Outcome<string> Images(IImageDecoder decoder)
    {
        var image = new PngEncoder().Encode(new PixelBuffer(1, 1, 3), []);
        try
        {
            return decoder.Decode(image, DecodeTarget.Original).Map(_ => "the decoder works");
        }
        catch (Exception failure) when (failure is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            var reason = failure.InnerException ?? failure;
            return new Problem(ProblemKind.Unavailable, "images.unavailable", $"The image decoder cannot be loaded: {reason.Message}");
        }
    }

    private static Outcome<string> Room(string folder)
    {
        var free = DiskSpace.FreeAt(folder);
        var told = $"{Words.Bytes(free)} free at {folder}";
        return free >= DiskSpace.Reserve ? told : new Problem(
            ProblemKind.StorageFull, "storage.full", $"{told}: {Words.Bytes(DiskSpace.Reserve)} are needed.");
    }

    /// <param name="Part">What was tried.</param>
    /// <param name="Ok">Whether it can be used.</param>
    /// <param name="Detail">What was found, or is lacking.</param>
    private sealed record Finding(string Part, bool Ok, string Detail)
    {
        /// <summary>Functions that a library lacks; null where none does.</summary>
        public IReadOnlyList<string>? Missing { get; init; }

        public static Finding Of(string part, Outcome<string> outcome) => outcome.Match(
            found => new Finding(part, true, found),
            problem => new(part, false, $"{problem.Code}: {problem.Detail}")
            {
                Missing = problem.Data.GetValueOrDefault(DoctorCommand.Missing) as IReadOnlyList<string>,
            });
    }
}
