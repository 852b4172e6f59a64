using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Patterns;

namespace CnnService.Cli.Commands;

/// <summary>cnn pattern: draws the image that maximizes a filter's activation.</summary>
internal static class PatternCommand
{
    private static readonly Argument<DirectoryInfo> Model = CommonArguments.Model();
    private static readonly Argument<string> Layer = CommonArguments.Layer();
    private static readonly Argument<int?> Filter = CommonArguments.Filter();
    private static readonly Option<FileInfo> Out = CommonArguments.PngFile("pattern.png");
    private static readonly Option<int?> Iterations = new("--iterations") { Description = "16 to 2048." };
    private static readonly Option<int> Seed = new("--seed");

    public static Command Create()
    {
        var command = new Command("pattern", "Draw the input that filters respond to most.") { Model, Layer, Filter, Out, Iterations,
            Seed, Images.Theme, Images.Scale };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        await using var services = Engines.Create();
        var request = new PatternRequest { Iterations = arguments.GetValue(Iterations), Seed = arguments.GetValue(Seed) };
        var filter = arguments.GetValue(Filter);
        var patterns = services.GetRequiredService<PatternPipeline>();
        var image = await Engines.LoadModel(arguments.GetRequiredValue(Model))
            .Bind(loaded => loaded.RequireLayers())
            .Bind(model => PatternJob.Create(
                model, arguments.GetRequiredValue(Layer), filter ?? 0, filter is null ? CommonArguments.GridFilters : null, request))
            .BindAsync(job => patterns.GetOrRenderAsync(patterns.Place(job), cancel));
        return Images.Save(services, arguments, image, arguments.GetRequiredValue(Out));
    }
}
