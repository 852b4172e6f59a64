using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation;

namespace CnnService.Cli.Commands;

/// <summary>cnn feature-map: what a layer answers to a picture.</summary>
internal static class FeatureMapCommand
{
    private static readonly Argument<DirectoryInfo> Model = new("model") { Description = "A model folder." };
    private static readonly Argument<FileInfo> Picture = new("picture") { Description = "A picture file." };
    private static readonly Argument<string> Layer = new("layer");
    private static readonly Argument<int?> Filter = new("filter") { Description = "From 0; left out: a grid of the first 8.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "The PNG file.", DefaultValueFactory = _ => new FileInfo("feature-map.png") };

    public static Command Create()
    {
        var command = new Command("feature-map", "Show what a layer's filters answer to a picture.") { Model, Picture, Layer, Filter, Out };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        await using var services = Engines.Create();
        using var pipeline = Pictures.Pipeline(services);
        var file = arguments.GetRequiredValue(Picture);
        if (!file.Exists)
        {
            return Engines.Fail(Problem.NotFound("image.not-found", $"There is no file '{file.FullName}'."));
        }

        var bytes = await File.ReadAllBytesAsync(file.FullName, cancel);
        var layer = arguments.GetRequiredValue(Layer);
        var shown = Engines.Model(arguments.GetRequiredValue(Model)).Bind(loaded => loaded.RequireLayers()).Bind(model =>
        {
            var input = model.Network.Spec.Input;
            var pixels = services.GetRequiredService<IImageDecoder>().Decode(bytes, new DecodeTarget(input.Width, input.Height, input.Channels));
            return pixels.Bind(picture => arguments.GetValue(Filter) is { } filter
                ? pipeline.FeatureMap(model, layer, filter, picture, new FeatureMapRequest())
                : pipeline.FeatureMapGrid(model, layer, 0, 8, picture, new FeatureMapRequest()));
        });
        return Pictures.Save(shown, arguments.GetRequiredValue(Out));
    }
}
