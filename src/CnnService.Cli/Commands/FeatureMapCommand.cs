using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.FeatureMaps;

namespace CnnService.Cli.Commands;

/// <summary>cnn feature-map: draws the feature maps of a layer for an image.</summary>
internal static class FeatureMapCommand
{
    private static readonly Argument<DirectoryInfo> Model = CommonArguments.Model();
    private static readonly Argument<FileInfo> Image = new("image") { Description = "An image file." };
    private static readonly Argument<string> Layer = CommonArguments.Layer();
    private static readonly Argument<int?> Filter = CommonArguments.Filter();
    private static readonly Option<FileInfo> Out = CommonArguments.PngFile("feature-map.png");

    public static Command Create()
    {
        var command = new Command("feature-map", "Show what a layer's filters answer to an image.") { Model, Image, Layer, Filter, Out,
            Images.Theme, Images.Scale };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        await using var services = Engines.Create();
        var pipeline = services.GetRequiredService<FeatureMapPipeline>();
        var file = arguments.GetRequiredValue(Image);
        if (!file.Exists)
        {
            return Engines.ReportProblem(Problem.NotFound("image.not-found", $"There is no file '{file.FullName}'."));
        }

        var bytes = await File.ReadAllBytesAsync(file.FullName, cancel);
        var filter = arguments.GetValue(Filter);
        var layer = arguments.GetRequiredValue(Layer);
        var shown = Engines.LoadModel(arguments.GetRequiredValue(Model)).Bind(loaded => loaded.RequireLayers()).Bind(model =>
        {
            var input = model.Network.Spec.Input;
            var pixels = services.GetRequiredService<IImageDecoder>()
                .Decode(bytes, new DecodeTarget(input.Width, input.Height, input.Channels));
            return FeatureMapPlan
                .Create(model, layer, filter ?? 0, filter is null ? CommonArguments.GridFilters : null, new FeatureMapRequest())
                .Bind(plan => pixels.Bind(image => pipeline.Render(plan, image)));
        });
        return Images.Save(services, arguments, shown, arguments.GetRequiredValue(Out));
    }
}
