using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Models.Import;

namespace CnnService.Cli.Commands;

/// <summary>
/// cnn import: converts an externally trained network into a model folder. The file is parsed in this process, so it must be trusted.
/// </summary>
internal static class ImportCommand
{
    private static readonly Argument<FileInfo> Source = new("file")
    {
        Description = "An ONNX or safetensors file, or a zip with an ONNX file and its external data."
    };
    private static readonly Option<FileInfo[]> Data = new("--data")
    {
        Description = "Files with the weights of an ONNX file that has them outside; by default those beside it that begin with its name.",
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<string?> Output = new("--output")
    {
        Description = "The output of an ONNX file that classifies, where it has several."
    };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "The model folder to create.", Required = true };
    private static readonly Option<string?> Architecture = new("--architecture")
    {
        Description = "For safetensors: a preset's name or a JSON file with a network."
    };
    private static readonly Option<FileInfo?> Labels = new("--labels") { Description = "A text file with one class per line." };
    private static readonly Option<string?> Preprocessing = new("--preprocessing")
    {
        Description = "rescale, imagenet, caffe, or JSON with channelOrder, scale, mean, std."
    };

    public static Command Create()
    {
        var command = new Command("import", "Make a model folder of a network trained elsewhere.") { Source, Out, Architecture, Labels,
            Preprocessing, Data, Output };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var file = arguments.GetRequiredValue(Source);
        var folder = arguments.GetRequiredValue(Out);
        var labels = arguments.GetValue(Labels);
        var data = arguments.GetValue(Data) is { Length: > 0 } given ? given : Beside(file);
        var missing = data.Concat<FileInfo?>([file, labels]).FirstOrDefault(path => path is { Exists: false });
        if (missing is not null || folder.Exists)
        {
            return Engines.ReportProblem(missing is not null
                ? Problem.NotFound("file.not-found", $"There is no file '{missing.FullName}'.")
                : Problem.Conflict("folder.exists", $"The folder '{folder.FullName}' is there already: name one to be made."));
        }

        await using var services = Engines.Create();
        var errors = new ValidationErrors();
        var plan = new ModelImportRequest(file.FullName)
        {
            Architecture = await TextAsync(arguments.GetValue(Architecture), cancel),
            Labels = labels is null ? null : await File.ReadAllTextAsync(labels.FullName, cancel),
            Preprocessing = arguments.GetValue(Preprocessing),
            Companions = data.DistinctBy(path => path.Name).ToDictionary(path => path.Name, path => path.FullName),
            Output = arguments.GetValue(Output),
        }.Parse(errors);
        return errors.ToOutcome(plan)
            .Bind(parsed => services.GetRequiredService<ModelImporter>().Run(parsed, folder.FullName, cancel))
            .Match(imported => Print(imported, folder), Engines.ReportProblem);
    }

    /// <summary>What exporters write beside <c>model.onnx</c>: <c>model.onnx.data</c>, <c>model.onnx_data</c>, <c>model.data</c>.</summary>
    private static FileInfo[] Beside(FileInfo network) =>
        !string.Equals(network.Extension, ".onnx", StringComparison.OrdinalIgnoreCase) || network.Directory is not { Exists: true } folder
            ? []
            : [.. folder.EnumerateFiles($"{Path.GetFileNameWithoutExtension(network.Name)}.*")
                .Where(other => other.Name != network.Name && other.Name.Contains("data", StringComparison.OrdinalIgnoreCase)).Take(64)];

    /// <summary>The content of the file with that name if there is one, else the text itself: a preset's name.</summary>
    private static async Task<string?> TextAsync(string? architecture, CancellationToken cancel) =>
        File.Exists(architecture) ? await File.ReadAllTextAsync(architecture, cancel) : architecture;

    private static int Print(ImportedModel imported, DirectoryInfo folder)
    {
        var (manifest, report) = imported;
        var layers = report.Unsupported.Count > 0 ? "a graph without layers" : $"{report.Layers} layers";
        var parity = manifest.Parity is { } compared ? $", largest difference between the engines {compared.LargestDifference:g3}" : "";
        Console.WriteLine(
            $"{folder.FullName}: {layers}, {(manifest.Classes.Count > 0 ? $"{manifest.Classes.Count} classes" : "no classes")}{parity}");
        if (report.Weights is { } weights)
        {
            Console.WriteLine($"{weights.Filled.Count} tensors filled, {weights.Missing.Count} missing, {weights.Unused.Count} not used");
        }

        foreach (var note in report.Notes)
        {
            Console.WriteLine(note);
        }

        return 0;
    }
}
