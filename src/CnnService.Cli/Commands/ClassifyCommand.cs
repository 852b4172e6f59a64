using System.CommandLine;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Cli.Commands;

/// <summary>cnn classify: classifies images with a model folder and prints one line per image.</summary>
internal static class ClassifyCommand
{
    private static readonly Argument<DirectoryInfo> Model = CommonArguments.Model();
    private static readonly Argument<FileInfo[]> Images = new("images") { Description = "Image files.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<int> Top =
        new("--top") { Description = "Number of classes to list per image.", DefaultValueFactory = _ => 3 };

    public static Command Create()
    {
        var command = new Command("classify", "Classify images with a model folder.") { Model, Images, Top };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        await using var services = Engines.Create();
        return await Engines.LoadModel(arguments.GetRequiredValue(Model))
            .Bind(loaded => loaded.RequireClasses())
            .MatchAsync(model => ClassifyAllAsync(services, model, arguments, cancel), Engines.ReportProblem);
    }

    private static async Task<int> ClassifyAllAsync(
        ServiceProvider services, LoadedModel model, ParseResult arguments, CancellationToken cancel)
    {
        var failures = 0;
        foreach (var file in arguments.GetRequiredValue(Images))
        {
            var answer = await ClassifyAsync(services, model, file, arguments.GetValue(Top), cancel);
            failures += answer.Succeeded
                ? 0
                : Engines.ReportProblem(answer.Problem with { Detail = $"{file.Name}: {answer.Problem.Detail}" });
            if (answer.Succeeded)
            {
                Console.WriteLine($"{file.Name}\t{string.Join("\t", answer.Value.Top.Select(one => $"{one.Label} {one.Probability:F3}"))}");
            }
        }

        return failures == 0 ? 0 : 1;
    }

    private static async Task<Outcome<Prediction>> ClassifyAsync(
        ServiceProvider services, LoadedModel model, FileInfo file, int top, CancellationToken cancel)
    {
        if (!file.Exists)
        {
            return Problem.NotFound("image.not-found", $"There is no file '{file.FullName}'.");
        }

        var bytes = await File.ReadAllBytesAsync(file.FullName, cancel);
        var classified = await services.GetRequiredService<ClassificationPipeline>()
            .ClassifyAsync(model, [bytes], new() { Top = top }, cancel);
        return classified.Bind(images => images[0].Prediction);
    }
}
