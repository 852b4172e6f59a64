using System.CommandLine;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Patterns;

namespace CnnService.Cli.Commands;

/// <summary>cnn pattern: draws the image that maximizes a filter's activation.</summary>
internal static class PatternCommand
{
    private static readonly Argument<string> Model = CommonArguments.Model();
    private static readonly Argument<string> Layer = CommonArguments.Layer();
    private static readonly Argument<int?> Filter = CommonArguments.Filter();
    private static readonly Option<FileInfo> Out = CommonArguments.PngFile("pattern.png");
    private static readonly Option<int?> Iterations = new("--iterations") { Description = "16 to 2048." };
    private static readonly Option<int> Seed = new("--seed") { Description = "From 0; another seed, another beginning." };

    public static Command Create()
    {
        var command = new Command("pattern", "Draw the input that filters respond to most.")
        {
            Model, Layer, Filter, Out, OutTarget.Force, Iterations, Seed, Images.Theme, Images.Scale,
        };
        Service.AddTo(command);
        command.Answers(RunAsync);
        return command;
    }

    private static async Task<Outcome<Answer>> RunAsync(ParseResult arguments, CommandContext context, CancellationToken cancel)
    {
        var target = arguments.GetRequiredValue(Out);
        if (OutTarget.Refuse(arguments, target) is { } refused)
        {
            return refused;
        }

        if (Service.IsAsked(arguments))
        {
            return await (await Service.AskAsync(arguments, service => service.DownloadAsync(Address(arguments, target), cancel)))
                .MapAsync(made => Images.SaveAsync(arguments, target, made, cancel));
        }

        await using var services = context.CreateEngines();
        var request = new PatternRequest { Iterations = arguments.GetValue(Iterations), Seed = arguments.GetValue(Seed) };
        var filter = arguments.GetValue(Filter);
        var patterns = services.GetRequiredService<PatternPipeline>();
        var drawn = await Engines.LoadModel(arguments.GetRequiredValue(Model))
            .Bind(loaded => loaded.RequireLayers())
            .Bind(model => PatternJob.Create(
                model, arguments.GetRequiredValue(Layer), filter ?? 0, filter is null ? CommonArguments.GridFilters : null, request))
            .BindAsync(job => patterns.GetOrRenderAsync(patterns.Place(job), cancel));
        return await drawn.Bind(figure => Images.Draw(services, arguments, figure, target))
            .MapAsync(made => Images.SaveAsync(arguments, target, made, cancel));
    }

    private static string Address(ParseResult arguments, FileInfo target) => Service.Address(
        CommonArguments.VisualPath(arguments.GetRequiredValue(Layer), arguments.GetValue(Filter)),
        [
            ("model", arguments.GetRequiredValue(Model)),
            ("count", arguments.GetValue(Filter) is null ? (int?)CommonArguments.GridFilters : null),
            ("iterations", arguments.GetValue(Iterations)),
            ("seed", arguments.GetValue(Seed)),
            .. Images.Query(arguments, target),
        ]);
}
