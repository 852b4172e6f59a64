using System.CommandLine;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;

namespace CnnService.Cli.Commands;

/// <summary>cnn describe: prints the layer table of an architecture without training it.</summary>
internal static class DescribeCommand
{
    private static readonly Argument<string> Architecture = new("architecture") { Description = "A preset's name or a JSON file." };
    private static readonly Option<int?> Classes =
        new("--classes") { Description = "Number of classes, for layers with \"units\": \"classes\"." };

    public static Command Create()
    {
        var command = new Command("describe", "Show a network's layers, shapes, parameters and receptive fields.") { Architecture,
            Classes };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var wanted = arguments.GetRequiredValue(Architecture);
        var errors = new ValidationErrors();
        var choice = ArchitectureChoice.Parse(File.Exists(wanted) ? File.ReadAllText(wanted) : wanted, errors);
        var classes = arguments.GetValue(Classes) ?? choice?.Preset?.DefaultClasses ?? 2;
        var network = choice is null
            ? null
            : NetworkSpecValidator.Resolve(choice.Create(classes), Math.Max(2, classes), errors, string.Empty);
        return errors.ToOutcome(network).Match(Print, Engines.ReportProblem);
    }

    private static int Print(ResolvedNetwork network)
    {
        var summary = ArchitectureSummary.Create(network);
        Console.WriteLine($"{"layer",-28}{"type",-26}{"output",-18}{"parameters",14}{"multiply-adds",18}{"field",8}{"jump",6}");
        foreach (var layer in summary.Layers)
        {
            Console.WriteLine(
                $"{layer.Name,-28}{layer.Type,-26}{string.Join("x", layer.OutputShape),-18}{layer.Parameters,14:N0}"
                + $"{layer.MultiplyAdds,18:N0}{layer.ReceptiveField?.Height,8}{layer.Jump?.Height,6}");
        }

        Console.WriteLine($"{summary.Totals.Parameters:N0} parameters, {summary.Totals.MultiplyAdds:N0} multiply-adds an image");
        return 0;
    }
}
