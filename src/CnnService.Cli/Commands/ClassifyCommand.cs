using System.CommandLine;
using System.Globalization;
using CnnService.Cli.Reporting;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Cli.Commands;

/// <summary>cnn classify: classifies images with a model folder.</summary>
internal static class ClassifyCommand
{
    /// <summary>Codes of problems that concern one image.</summary>
    private const string OfAnImage = "image.";

    private static readonly Argument<string> Model = CommonArguments.Model();
    private static readonly Argument<FileInfo[]> Files = new("images") { Description = "Image files.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int> Top =
        new("--top") { Description = "Number of classes to list per image.", DefaultValueFactory = _ => 3 };

    private static readonly Option<int> Views =
        new("--views")
        {
            Description = $"Views of each image that are averaged, 1 to {ImageViews.Max}: mirrored, and crops.",
            DefaultValueFactory = _ => 1,
        };

    public static Command Create()
    {
        var command = new Command("classify", "Classify images with a model folder.") { Model, Files, Top, Views };
        Service.AddTo(command);
        command.Answers(RunAsync);
        return command;
    }

    private static async Task<Outcome<Answer>> RunAsync(ParseResult arguments, CommandContext context, CancellationToken cancel)
    {
        var (top, views) = (arguments.GetValue(Top), arguments.GetValue(Views));
        if (top < 1)
        {
            return Problem.Invalid("request.invalid", $"--top must be at least 1, received {top}.");
        }

        if (views is < 1 or > ImageViews.Max)
        {
            return Problem.Invalid("request.invalid", $"--views must be between 1 and {ImageViews.Max}, received {views}.");
        }

        var request = new ClassificationRequest { Top = top, Views = views };
        if (Service.IsAsked(arguments))
        {
            return (await OutcomeAsync.AllAsync(arguments.GetRequiredValue(Files), file => AskAsync(arguments, file, request, cancel)))
                .Map(results => Tell(context, arguments.GetRequiredValue(Model), results));
        }

        await using var services = context.CreateEngines();
        return await Engines.LoadModel(arguments.GetRequiredValue(Model)).Bind(loaded => loaded.RequireClasses()).MapAsync(async model =>
        {
            var results = new List<ClassifiedFile>();
            foreach (var file in arguments.GetRequiredValue(Files))
            {
                results.Add(await ClassifyAsync(services, model, file, request, cancel));
            }

            return Tell(context, model.Folder, results);
        });
    }

    /// <summary>A problem that is not the image's own ends the command.</summary>
    private static async Task<Outcome<ClassifiedFile>> AskAsync(
        ParseResult arguments, FileInfo file, ClassificationRequest request, CancellationToken cancel)
    {
        var classified = await (await Images.ReadAsync(file, cancel)).BindAsync(bytes => Service.AskAsync(arguments, async service =>
        {
            using var stream = new MemoryStream(bytes);
            return await service.ClassifyImageAsync(
                stream, arguments.GetRequiredValue(Model), request.Top, request.Views, cancel);
        }));
        return classified.Match<Outcome<ClassifiedFile>>(
            found => new ClassifiedFile(file.Name)
            {
                Label = found.Label,
                Probability = found.Probability,
                Known = found.Known,
                Familiarity = found.Familiarity,
                Top = found.Top?.Select(one => new ScoredClass(one.Label, one.Probability)).ToList(),
                Labels = found.Labels?.Select(one => new ScoredClass(one.Label, one.Probability)).ToList(),
                Problem = found.Error is { } error ? Problem.Unprocessable(error.Code, error.Detail) : null,
            },
            problem => problem.Code.StartsWith(OfAnImage, StringComparison.Ordinal)
                ? new ClassifiedFile(file.Name) { Problem = problem }
                : problem);
    }

    private static async Task<ClassifiedFile> ClassifyAsync(
        ServiceProvider services, LoadedModel model, FileInfo file, ClassificationRequest request, CancellationToken cancel)
    {
        var pipeline = services.GetRequiredService<ClassificationPipeline>();
        var classified = await (await Images.ReadAsync(file, cancel))
            .BindAsync(bytes => pipeline.ClassifyAsync(model, [bytes], request, cancel));
        return classified.Bind(images => images[0].Prediction.Bind(prediction => images[0].Answer.Map(answer =>
            new ClassifiedFile(file.Name)
            {
                Label = prediction.Label,
                Probability = prediction.Probability,
                Known = answer.IsKnown,
                Familiarity = answer.Familiarity,
                Top = prediction.Top,
                Labels = LabelThresholds.Of(model, set: null) is { } least
                    ? LabelThresholds.Select(answer.Values, model.Manifest.Classes, least) : null,
            }))).Match(found => found, problem => new ClassifiedFile(file.Name) { Problem = problem });
    }

    /// <summary>The images that have no answer are told as problems, beside the table of the others.</summary>
    private static Answer Tell(CommandContext context, string model, IReadOnlyList<ClassifiedFile> results)
    {
        var problems = results.Where(result => result.Problem is not null).ToArray();
        return new(new { Model = model, Results = results }, text =>
        {
            var hasKnown = results.Any(result => result.Known is not null);
            var table = hasKnown
                ? new TextTable("image", "class", TextColumn.Number("probability"), "known", "others")
                : new("image", "class", TextColumn.Number("probability"), "others");
            foreach (var result in results.Where(result => result.Problem is null))
            {
                var label = result.Labels is null ? result.Label!
                    : result.Labels.Count == 0 ? "-" : string.Join(", ", result.Labels.Select(one => one.Label));
                string[] first = [result.File, label, Number(result.Probability!.Value)];
                string[] known = hasKnown ? [result.Known switch { true => "yes", false => "no", null => "-" }] : [];
                var others = result.Top!.Skip(1).Select(one => $"{one.Label} {Number(one.Probability)}");
                table.Add([.. first, .. known, string.Join(", ", others)]);
            }

            if (table.Rows.Count > 0)
            {
                text.Table(table);
            }

            foreach (var failed in problems)
            {
                context.Report.Write(failed.Problem! with { Detail = $"{failed.File}: {failed.Problem.Detail}" });
            }
        })
        {
            ExitCode = problems.Select(failed => ExitCodes.Of(failed.Problem!.Kind)).FirstOrDefault(ExitCodes.Done),
        };
    }

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
