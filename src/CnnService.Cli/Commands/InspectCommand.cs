using System.CommandLine;
using System.Globalization;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Cli.Commands;

/// <summary>
/// cnn inspect: tells what an import of an archive or a folder would give: layout, classes, counts, and what is left out.
/// </summary>
internal static class InspectCommand
{
    private const int ShownRejected = 10;

    public static Command Create()
    {
        var command = new Command("inspect", "Tell how an archive or a folder of images would be read, without importing it.");
        DataArguments.AddTo(command);
        command.Answers(RunAsync);
        return command;
    }

    private static async Task<Outcome<Answer>> RunAsync(ParseResult arguments, CommandContext context, CancellationToken cancel)
    {
        var errors = new ValidationErrors();
        var import = DataArguments.Read(arguments, errors);
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        await using var services = context.CreateEngines();
        var inspected = await import.BindAsync(data => services.GetRequiredService<IDatasetInspector>().InspectAsync(data, cancel));
        return inspected.Map(inspection => new Answer(inspection, text => Tell(inspection, text)));
    }

    private static void Tell(DatasetInspection inspection, IText text)
    {
        text.Line($"layout {inspection.Layout.ToWireName()}, {inspection.Classes.Count} classes");
        var table = new TextTable(
            "class", TextColumn.Number("train"), TextColumn.Number("validation"), TextColumn.Number("test"), "such as");
        foreach (var found in inspection.Classes)
        {
            table.Add([found.Name, .. Counts(found.Images), string.Join(", ", found.Examples.Take(2))]);
        }

        table.Add(["all", .. Counts(inspection.Splits), string.Empty]);
        text.Table(table);
        foreach (var note in inspection.Notes)
        {
            text.Line(note);
        }

        foreach (var file in inspection.Rejected.Take(ShownRejected))
        {
            text.Line($"left out: {file.Path}: {file.Reason}");
        }

        if (inspection.RejectedCount > ShownRejected)
        {
            text.Line($"left out: {inspection.RejectedCount - ShownRejected} more");
        }
    }

    private static IEnumerable<string> Counts(SplitCounts counts) =>
        new[] { counts.Train, counts.Validation, counts.Test }.Select(count => count.ToString(CultureInfo.InvariantCulture));
}
