using System.CommandLine;
using System.Globalization;
using CnnService.Cli.Reporting;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;

namespace CnnService.Cli.Commands;

/// <summary>cnn describe: tells the layer table of an architecture without training it.</summary>
internal static class DescribeCommand
{
    private static readonly Argument<string> Architecture = new("architecture")
    {
        Description = $"A preset's name ({string.Join(", ", PresetCatalog.Names)}) or a JSON file."
    };
    private static readonly Option<int?> Classes =
        new("--classes") { Description = "Number of classes, for layers with \"units\": \"classes\"." };

    public static Command Create()
    {
        var command = new Command("describe", "Show a network's layers, shapes, parameters and receptive fields.")
        {
            Architecture, Classes,
        };
        command.Answers((arguments, _, cancel) => RunAsync(arguments, cancel));
        return command;
    }

    private static async Task<Outcome<Answer>> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var wanted = arguments.GetRequiredValue(Architecture);
        var errors = new ValidationErrors();
        var choice = ArchitectureChoice.Parse(File.Exists(wanted) ? await File.ReadAllTextAsync(wanted, cancel) : wanted, errors);
        var classes = arguments.GetValue(Classes) ?? choice?.Preset?.DefaultClasses ?? 2;
        var network = choice is null
            ? null
            : NetworkSpecValidator.Resolve(choice.Create(classes), Math.Max(2, classes), errors, string.Empty);
        return errors.ToOutcome(network).Map(resolved =>
        {
            var summary = ArchitectureSummary.Create(resolved);
            return new Answer(summary, text => Tell(summary, text));
        });
    }

    private static void Tell(ArchitectureSummary summary, IText text)
    {
        var table = new TextTable(
            "layer", "type", "output", TextColumn.Number("parameters"), TextColumn.Number("multiply-adds"), TextColumn.Number("field"),
            TextColumn.Number("jump"));
        foreach (var layer in summary.Layers)
        {
            table.Add(
                layer.Name, layer.Type, string.Join("x", layer.OutputShape), Number(layer.Parameters), Number(layer.MultiplyAdds),
                Side(layer.ReceptiveField), Side(layer.Jump));
        }

        text.Table(table);
        text.Line($"{Number(summary.Totals.Parameters)} parameters, {Number(summary.Totals.MultiplyAdds)} multiply-adds an image");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Side(Size2? size) => size?.Height.ToString(CultureInfo.InvariantCulture) ?? "all";
}
