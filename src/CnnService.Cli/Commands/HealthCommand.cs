using System.CommandLine;
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

    private static readonly Argument<string> Data = new("data") { Description = "A folder or an archive of images, as for train." };
    private static readonly Option<DirectoryInfo?> Model = new("--model") { Description = "A model folder that judges the labels." };
    private static readonly Option<string?> Evidence = new("--evidence")
    {
        Description = $"What it judges them by: {WireName.Choice(Enum.GetValues<LabelEvidence>())}; by default what it can."
    };
    private static readonly Option<FileInfo?> Sheet = new("--out") { Description = "A PNG or SVG file that shows the images." };

    public static Command Create()
    {
        var command = new Command("health", "Find duplicates, leaks between splits, faulty images and doubtful labels.")
        {
            Data, Model, Evidence, Sheet, Images.Theme, Images.Scale,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var errors = new ValidationErrors();
        var evidence = errors.ReadName<LabelEvidence>(arguments.GetValue(Evidence), "--evidence");
        if (errors.Any)
        {
            return Engines.ReportProblem(Problem.Validation(errors));
        }

        var work = Directory.CreateTempSubdirectory("cnn-health-").FullName;
        try
        {
            await using var services = Engines.Create(Path.Combine(work, "pixels"));
            var folder = Directory.CreateDirectory(Path.Combine(work, "dataset")).FullName;
            var imported = await ImportAsync(services, arguments.GetRequiredValue(Data), folder, cancel);
            return await imported.MatchAsync(
                manifest => ShowAsync(services, folder, manifest, arguments, evidence, cancel), Engines.ReportProblem);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<int> ShowAsync(
        ServiceProvider services, string folder, DatasetManifest manifest, ParseResult arguments, LabelEvidence? evidence,
        CancellationToken cancel)
    {
        var health = await LookAsync(services, folder, manifest, arguments.GetValue(Model), evidence, cancel);
        return health.Match(
            found =>
            {
                Print(found);
                return arguments.GetValue(Sheet) is not null ? Draw(services, folder, manifest, found, arguments) : 0;
            },
            Engines.ReportProblem);
    }

    private static async Task<Outcome<DatasetManifest>> ImportAsync(
        ServiceProvider services, string data, string folder, CancellationToken cancel) =>
        !Directory.Exists(data) && !File.Exists(data)
            ? Problem.NotFound("dataset.not-found", $"There is no file or folder '{data}'.")
            : await services.GetRequiredService<IDatasetImporter>().ImportAsync(
                new DatasetImport
                {
                    Name = TrainArguments.DatasetName,
                    Origin = Directory.Exists(data) ? DatasetOrigin.Folder : DatasetOrigin.Archive,
                    Source = data,
                    Folder = folder,
                },
                new Progress<ImportProgress>(), cancel);

    private static async Task<Outcome<DatasetHealth>> LookAsync(
        ServiceProvider services, string folder, DatasetManifest manifest, DirectoryInfo? model, LabelEvidence? evidence,
        CancellationToken cancel)
    {
        var judge = model is null
            ? null
            : Engines.LoadModel(model).Bind(loaded => LabelCheckPlan.Create(loaded, folder, manifest, evidence));
        if (judge?.Problem is { } unfit)
        {
            return unfit;
        }

        var health = await services.GetRequiredService<HealthScan>().RunAsync(folder, manifest, null, cancel);
        return judge is null
            ? health
            : (await services.GetRequiredService<LabelCheckPipeline>().RunAsync(judge.Value, null, cancel))
                .Map(labels => health with { Labels = labels });
    }

    private static void Print(DatasetHealth health)
    {
        var findings = HealthFindings.Tell(health);
        Console.WriteLine(findings.Count == 0 ? $"{health.Images} images: nothing wrong is seen." : $"{health.Images} images:");
        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Code}: {finding.Text}");
        }

        foreach (var group in health.Groups.Take(ShownEntries))
        {
            Console.WriteLine($"same {group.Similarity:F3}: {string.Join(" = ", group.Images.Take(ShownEntries).Select(Text))}");
        }

        foreach (var fault in health.Faults.Take(ShownEntries))
        {
            Console.WriteLine($"{fault.Fault.ToWireName()}: {Text(fault.Image)}: {fault.Reason}");
        }

        foreach (var label in (health.Labels?.Ranked ?? []).Where(label => label.IsDoubted).Take(ShownEntries))
        {
            Console.WriteLine(
                $"label: {Text(label.Image)}: {label.Suggested} {label.SuggestedProbability:F3} against {label.Probability:F3}");
        }

        foreach (var note in health.Notes.Concat(health.Labels?.Notes ?? []))
        {
            Console.WriteLine(note);
        }
    }

    private static int Draw(ServiceProvider services, string folder, DatasetManifest manifest, DatasetHealth health, ParseResult arguments)
    {
        var tiles = HealthSheet.Choose(health, ShownTiles);
        if (tiles.Count == 0)
        {
            Console.WriteLine("There is nothing to show.");
            return 0;
        }

        var decoder = services.GetRequiredService<IImageDecoder>();
        PixelBuffer?[] images = [.. tiles.Select(tile => manifest.Images.Find(tile.Image.Id) is { } image
            ? DatasetFolder.DecodeImage(folder, image, bytes => Fit(decoder, bytes)).Match<PixelBuffer?>(pixels => pixels, _ => null)
            : null)];
        return Images.Save(
            services, arguments, Outcome.Success(new DrawnFigure(HealthSheet.Create(health, tiles, images), [], string.Empty)),
            arguments.GetRequiredValue(Sheet)!);
    }

    private static Outcome<PixelBuffer> Fit(IImageDecoder decoder, byte[] file) => decoder.ReadHeader(file).Bind(header =>
    {
        var scale = HealthSheet.Side / (double)Math.Max(header.Width, header.Height);
        int Scaled(int length) => Math.Max(1, (int)Math.Round(length * scale));
        return decoder.Decode(file, new(Scaled(header.Width), Scaled(header.Height), 3));
    });

    private static string Text(HealthImage image) => $"{image.Split.ToWireName()} {image.Class} {image.Source}";
}
