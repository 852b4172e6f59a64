using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Core.Visualization.Explaining;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Cli.Commands;

/// <summary>cnn explain: which part of a picture an answer rests on.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<DirectoryInfo> Model = new("model") { Description = "A model folder." };
    private static readonly Argument<FileInfo> Picture = new("picture") { Description = "A picture file." };
    private static readonly Option<string> Method = new("--method") { Description = $"One of {string.Join(", ", ExplainMethods.All)}.", DefaultValueFactory = _ => "grad-cam" };
    private static readonly Option<string?> Class = new("--class") { Description = "By name or index; left out: what the network names." };
    private static readonly Option<string?> Layer = new("--layer") { Description = "Of the CAM methods; left out: the last maps before the classifier." };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "The PNG file.", DefaultValueFactory = _ => new FileInfo("explanation.png") };

    public static Command Create()
    {
        var command = new Command("explain", "Show which part of a picture speaks for a class.") { Model, Picture, Method, Class, Layer, Out };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        await using var services = Engines.Create();
        var file = arguments.GetRequiredValue(Picture);
        if (!file.Exists)
        {
            return Engines.Fail(Problem.NotFound("image.not-found", $"There is no file '{file.FullName}'."));
        }

        if (ExplainMethods.Find(arguments.GetRequiredValue(Method)) is not { } method)
        {
            return Engines.Fail(Problem.Invalid("request.invalid", $"--method must be one of {string.Join(", ", ExplainMethods.All)}."));
        }

        var request = new ExplainRequest { Method = method, Class = arguments.GetValue(Class), Layer = arguments.GetValue(Layer) };
        var bytes = await File.ReadAllBytesAsync(file.FullName, cancel).ConfigureAwait(false);
        var drawn = Engines.Model(arguments.GetRequiredValue(Model)).Then(model => Draw(services, model, bytes, request, cancel));
        return Pictures.Save(drawn, arguments.GetRequiredValue(Out));
    }

    private static Outcome<RenderedPicture> Draw(ServiceProvider services, LoadedModel model, byte[] file, ExplainRequest request, CancellationToken cancel)
    {
        var decoder = services.GetRequiredService<IImageDecoder>();
        var input = model.Network.Spec.Input;
        return decoder.Decode(file, new DecodeTarget(input.Width, input.Height, input.Channels))
            .Then(picture => services.GetRequiredService<Explainer>().Explain(model, picture, request, cancel))
            .Then(found => decoder.Decode(file, DecodeTarget.Original).Then<RenderedPicture>(shown => new RenderedPicture(
                services.GetRequiredService<IPngEncoder>().Encode(ExplanationPicture.Draw(found, shown, ExplanationLayout.Side), ExplanationText.Of(model, found)), string.Empty, [])));
    }
}
