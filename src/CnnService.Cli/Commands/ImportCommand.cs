using System.CommandLine;
using System.Globalization;
using CnnService.Cli.Reporting;
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
        Description = "rescale, imagenet, caffe, or JSON with channelOrder, scale, mean, std.",
        HelpName = "preprocessing",
    };

    public static Command Create()
    {
        var command = new Command("import", "Make a model folder of a network trained elsewhere.")
        {
            Source, Out, OutTarget.Force, Architecture, Labels, Preprocessing, Data, Output,
        };
        command.Answers(RunAsync);
        return command;
    }

    private static async Task<Outcome<Answer>> RunAsync(ParseResult arguments, CommandContext context, CancellationToken cancel)
    {
        var file = arguments.GetRequiredValue(Source);
        var folder = arguments.GetRequiredValue(Out);
        var labels = arguments.GetValue(Labels);
        var data = arguments.GetValue(Data) is { Length: > 0 } given ? given : Beside(file);
        if (data.Concat<FileInfo?>([file, labels]).FirstOrDefault(path => path is { Exists: false }) is { } missing)
        {
            return Problem.NotFound("file.not-found", $"There is no file '{missing.FullName}'.");
        }

        if (OutTarget.Refuse(arguments, folder) is { } refused)
        {
            return refused;
        }

        await using var services = context.CreateEngines();
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
            .Bind(parsed => Run(services.GetRequiredService<ModelImporter>(), parsed, arguments, folder, cancel))
            .Map(imported => Tell(imported, folder));
    }

    /// <summary>A model that is to be replaced stays until there is one to replace it.</summary>
    private static Outcome<ImportedModel> Run(
        ModelImporter importer, ModelImportPlan plan, ParseResult arguments, DirectoryInfo folder, CancellationToken cancel)
    {
        var made = folder.FullName.TrimEnd(Path.DirectorySeparatorChar) + ".new";
        if (Directory.Exists(made))
        {
            Directory.Delete(made, recursive: true);
        }

        var imported = importer.Run(plan, made, cancel);
        if (imported.Succeeded)
        {
            OutTarget.Clear(arguments, folder);
            DurableFile.PublishFolder(made, folder.FullName);
        }
        else if (Directory.Exists(made))
        {
            Directory.Delete(made, recursive: true);
        }

        return imported;
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

    private static Answer Tell(ImportedModel imported, DirectoryInfo folder)
    {
        var (manifest, report) = imported;
        var told = new
        {
            Folder = folder.FullName,
            manifest.Architecture,
            manifest.Classes,
            manifest.Parity,
            Report = report.Truncated(),
        };
        return new(told, text =>
        {
            var layers = report.Unsupported.Count > 0 ? "a graph without layers" : $"{report.Layers} layers";
            var parity = manifest.Parity is { } compared
                ? string.Create(CultureInfo.InvariantCulture, $", largest difference between the engines {compared.LargestDifference:g3}")
                : "";
            var classes = manifest.Classes.Count > 0 ? $"{manifest.Classes.Count} classes" : "no classes";
            text.Line($"{folder.FullName}: {layers}, {classes}{parity}");
            if (report.Weights is { } weights)
            {
                text.Line($"{weights.Filled.Count} tensors filled, {weights.Missing.Count} missing, {weights.Unused.Count} not used");
            }

            foreach (var note in report.Notes)
            {
                text.Line(note);
            }
        });
    }
}
