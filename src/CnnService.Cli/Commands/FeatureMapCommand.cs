using System.CommandLine;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.FeatureMaps;

namespace CnnService.Cli.Commands;

/// <summary>cnn feature-map: draws the feature maps of a layer for an image.</summary>
internal static class FeatureMapCommand
{
    private static readonly Argument<string> Model = CommonArguments.Model();
    private static readonly Argument<FileInfo> Image = new("image") { Description = "An image file." };
    private static readonly Argument<string> Layer = CommonArguments.Layer();
    private static readonly Argument<int?> Filter = CommonArguments.Filter();
    private static readonly Option<FileInfo> Out = CommonArguments.PngFile("feature-map.png");

    public static Command Create()
    {
        var command = new Command("feature-map", "Show what a layer's filters answer to an image.")
        {
            Model, Image, Layer, Filter, Out, OutTarget.Force, Images.Theme, Images.Scale,
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
            var address = Service.Address(
                CommonArguments.VisualPath(arguments.GetRequiredValue(Layer), arguments.GetValue(Filter)),
                [
                    ("model", arguments.GetRequiredValue(Model)),
                    ("count", arguments.GetValue(Filter) is null ? (int?)CommonArguments.GridFilters : null),
                    .. Images.Query(arguments, target),
                ]);
            return await Images.AskAsync(arguments, address, arguments.GetRequiredValue(Image), target, cancel);
        }

        await using var services = context.CreateEngines();
        var pipeline = services.GetRequiredService<FeatureMapPipeline>();
        var filter = arguments.GetValue(Filter);
        var layer = arguments.GetRequiredValue(Layer);
        var drawn = (await Images.ReadAsync(arguments.GetRequiredValue(Image), cancel)).Bind(bytes =>
            Engines.LoadModel(arguments.GetRequiredValue(Model)).Bind(loaded => loaded.RequireLayers()).Bind(model =>
            {
                var input = model.Network.Spec.Input;
                var pixels = services.GetRequiredService<IImageDecoder>()
                    .Decode(bytes, new DecodeTarget(input.Width, input.Height, input.Channels));
                return FeatureMapPlan
                    .Create(model, layer, filter ?? 0, filter is null ? CommonArguments.GridFilters : null, new FeatureMapRequest())
                    .Bind(plan => pixels.Bind(image => pipeline.Render(plan, image)));
            }));
        return await drawn.Bind(figure => Images.Draw(services, arguments, figure, target))
            .MapAsync(made => Images.SaveAsync(arguments, target, made, cancel));
    }
}
