using System.CommandLine;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Cli.Commands;

/// <summary>
/// cnn inspect: tells what an import of an archive or a folder would give: layout, classes, counts, and what is left out.
/// </summary>
internal static class InspectCommand
{
    private const int ShownRejected = 10;

    private static readonly Option<bool> Json = new("--json") { Description = "As JSON, as POST /datasets?dryRun=true returns it." };

    public static Command Create()
    {
        var command = new Command("inspect", "Tell how an archive or a folder of images would be read, without importing it.") { Json };
        DataArguments.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var errors = new ValidationErrors();
        var import = DataArguments.Read(arguments, errors);
        if (errors.Any)
        {
            return Engines.ReportProblem(Problem.Validation(errors));
        }

        await using var services = Engines.Create();
        var inspected = await import.BindAsync(data => services.GetRequiredService<IDatasetInspector>().InspectAsync(data, cancel));
        return inspected.Match(inspection => Print(inspection, arguments.GetValue(Json)), Engines.ReportProblem);
    }

    private static int Print(DatasetInspection inspection, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(inspection, CoreJson.Options));
            return 0;
        }

        Console.WriteLine($"layout {inspection.Layout.ToWireName()}, {inspection.Classes.Count} classes; {Counts(inspection.Splits)}");
        foreach (var found in inspection.Classes)
        {
            Console.WriteLine($"  {found.Name}: {Counts(found.Images)}, such as {string.Join(", ", found.Examples)}");
        }

        foreach (var note in inspection.Notes)
        {
            Console.WriteLine(note);
        }

        foreach (var file in inspection.Rejected.Take(ShownRejected))
        {
            Console.WriteLine($"left out: {file.Path}: {file.Reason}");
        }

        if (inspection.RejectedCount > ShownRejected)
        {
            Console.WriteLine($"left out: {inspection.RejectedCount - ShownRejected} more");
        }

        return 0;
    }

    private static string Counts(SplitCounts counts) =>
        $"train {counts.Train}, validation {counts.Validation}, test {counts.Test}";
}
