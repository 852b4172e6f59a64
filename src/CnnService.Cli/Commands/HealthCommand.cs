using System.CommandLine;
using System.Globalization;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Sheets;
using CnnService.Core.Interpretation.Labels;

namespace CnnService.Cli.Commands;

/// <summary>cnn health: tells what is wrong with the images of an archive or a folder, before they are trained on.</summary>
internal static class HealthCommand
{
    private const int ShownEntries = 10;
    private const int ShownTiles = 48;

    private static readonly Option<DirectoryInfo?> Model = new("--model") { Description = "A model folder that judges the labels." };
    private static readonly Option<LabelEvidence?> Evidence =
        WireOption.Create<LabelEvidence>("--evidence", "What it judges them by; by default what it can");
    private static readonly Option<FileInfo?> Sheet = new("--out") { Description = "A PNG or SVG file that shows the images." };

    public static Command Create()
    {
        var command = new Command("health", "Find duplicates, leaks between splits, faulty images and doubtful labels.")
        {
            Model, Evidence, Sheet, OutTarget.Force, Images.Theme, Images.Scale,
        };
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

        if (arguments.GetValue(Sheet) is { } sheet && OutTarget.Refuse(arguments, sheet) is { } refused)
        {
            return refused;
        }

        var work = Directory.CreateTempSubdirectory("cnn-health-").FullName;
        try
        {
            await using var services = context.CreateEngines(Path.Combine(work, "pixels"));
            var folder = Path.Combine(work, "dataset");
            return await import
                .BindAsync(data => ImportProgressReport.ImportAsync(services, context, data, folder, cancel))
                .BindAsync(async manifest => (await LookAsync(services, context, folder, manifest, arguments, cancel))
                    .Bind(health => Draw(services, folder, manifest, health, arguments).Map(drawn => (health, drawn))))
                .MapAsync(found => TellAsync(arguments, found.health, found.drawn, cancel));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<Outcome<DatasetHealth>> LookAsync(
        ServiceProvider services, CommandContext context, string folder, DatasetManifest manifest, ParseResult arguments,
        CancellationToken cancel)
    {
        var judge = arguments.GetValue(Model) is { } model
            ? Engines.LoadModel(model)
                .Bind(loaded => LabelCheckPlan.Create(loaded, folder, manifest, arguments.GetValue(Evidence)))
            : null;
        if (judge?.Problem is { } unfit)
        {
            return unfit;
        }

        return await context.Report.FollowAsync(async display =>
        {
            var health = await services.GetRequiredService<HealthScan>()
                .RunAsync(folder, manifest, new Counted(display, "comparing", manifest.Images.Count), cancel);
            return judge is null
                ? health
                : (await services.GetRequiredService<LabelCheckPipeline>()
                    .RunAsync(judge.Value, new Counted(display, "judging", manifest.Images.Count), cancel))
                    .Map(labels => health with { Labels = labels });
        });
    }

    /// <summary>The sheet of images; null where none is wanted, or there is nothing to show.</summary>
    private static Outcome<byte[]?> Draw(
        ServiceProvider services, string folder, DatasetManifest manifest, DatasetHealth health, ParseResult arguments)
    {
        var tiles = HealthSheet.Choose(health, ShownTiles);
        if (arguments.GetValue(Sheet) is not { } file || tiles.Count == 0)
        {
            return Outcome.Success<byte[]?>(null);
        }

        var decoder = services.GetRequiredService<IImageDecoder>();
        PixelBuffer?[] images = [.. tiles.Select(tile => manifest.Images.Find(tile.Image.Id) is { } image
            ? DatasetFolder.DecodeImage(folder, image, bytes => Fit(decoder, bytes)).Match<PixelBuffer?>(pixels => pixels, _ => null)
            : null)];
        var figure = new DrawnFigure(HealthSheet.Create(health, tiles, images), [], string.Empty);
        return Images.Draw(services, arguments, figure, file).Map(made => (byte[]?)made);
    }

    private static async Task<Answer> TellAsync(ParseResult arguments, DatasetHealth health, byte[]? drawn, CancellationToken cancel)
    {
        var sheet = drawn is null ? null : arguments.GetValue(Sheet);
        if (sheet is not null)
        {
            await OutTarget.WriteAsync(arguments, sheet, drawn, cancel);
        }

        var findings = HealthFindings.Tell(health);
        return new(new { Findings = findings, Health = health, Sheet = sheet?.FullName }, text =>
        {
            Tell(health, findings, text);
            if (arguments.GetValue(Sheet) is not null)
            {
                text.Line(sheet?.FullName ?? "There is nothing to show.");
            }
        });
    }

    private static void Tell(DatasetHealth health, IReadOnlyList<HealthFinding> findings, IText text)
    {
        text.Line(findings.Count == 0 ? $"{health.Images} images: nothing wrong is seen." : $"{health.Images} images:");
        foreach (var finding in findings)
        {
            text.Line($"{finding.Code}: {finding.Text}");
        }

        var table = new TextTable("what", "image", "why");
        foreach (var group in health.Groups.Take(ShownEntries))
        {
            table.Add(
                "same", Describe(group.Images[0]),
                string.Create(CultureInfo.InvariantCulture, $"{group.Similarity:F3}: ")
                + string.Join(", ", group.Images.Skip(1).Take(ShownEntries).Select(Describe)));
        }

        foreach (var fault in health.Faults.Take(ShownEntries))
        {
            table.Add(fault.Fault.ToWireName(), Describe(fault.Image), fault.Reason);
        }

        foreach (var label in (health.Labels?.Ranked ?? []).Where(label => label.IsDoubted).Take(ShownEntries))
        {
            table.Add("label", Describe(label.Image), string.Create(
                CultureInfo.InvariantCulture, $"{label.Suggested} {label.SuggestedProbability:F3} against {label.Probability:F3}"));
        }

        if (table.Rows.Count > 0)
        {
            text.Table(table);
        }

        foreach (var note in health.Notes.Concat(health.Labels?.Notes ?? []))
        {
            text.Line(note);
        }
    }

    private static Outcome<PixelBuffer> Fit(IImageDecoder decoder, byte[] file) => decoder.ReadHeader(file).Bind(header =>
    {
        var scale = HealthSheet.Side / (double)Math.Max(header.Width, header.Height);
        int Scaled(int length) => Math.Max(1, (int)Math.Round(length * scale));
        return decoder.Decode(file, new(Scaled(header.Width), Scaled(header.Height), 3));
    });

    private static string Describe(HealthImage image) => $"{image.Split.ToWireName()} {image.Class} {image.Source}";

    /// <summary>Images that were looked at, from whichever thread.</summary>
    private sealed class Counted(IProgressDisplay display, string part, int total) : IProgress<int>
    {
        public void Report(int value) => display.Show(new(part, Math.Min(1, value / (double)Math.Max(1, total))));
    }
}
