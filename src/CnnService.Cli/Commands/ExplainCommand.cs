using System.CommandLine;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;

namespace CnnService.Cli.Commands;

/// <summary>cnn explain: shows which pixels of an image a prediction is based on.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Model = CommonArguments.Model();
    private static readonly Argument<FileInfo> Image = new("image") { Description = "An image file." };
    private static readonly Option<ExplainMethod?> Method =
        WireOption.Create<ExplainMethod>("--method", $"How; {ExplainMethod.GradCam.ToWireName()} by default");
    private static readonly Option<string?> Class =
        new("--class") { Description = "A class by name or index; default: the predicted one." };
    private static readonly Option<string?> Layer =
        new("--layer") { Description = "Layer of class activation maps; default: the last one with feature maps before the classifier." };
    private static readonly Option<int?> Samples =
        new("--samples") { Description = "Number of samples (noisy copies, masks or feature maps) of methods that sample." };
    private static readonly Option<int?> Steps = new("--steps") { Description = "Steps of integrated-gradients." };
    private static readonly Option<ExplainView?> View =
        WireOption.Create<ExplainView>("--view", $"What the figure shows; {ExplainView.Side.ToWireName()} by default");
    private static readonly Option<FileInfo> Out = new("--out")
    {
        Description = "A .png or .svg, or .json, .npy or .f32 for numbers.",
        DefaultValueFactory = _ => new FileInfo("explanation.png"),
    };

    public static Command Create()
    {
        var command = new Command("explain", "Show what an answer rests on.")
        {
            Model, Image, Method, Class, Layer, Samples, Steps, View, Out, OutTarget.Force, Images.Theme, Images.Scale,
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
            return await Images.AskAsync(arguments, Address(arguments, target), arguments.GetRequiredValue(Image), target, cancel);
        }

        await using var services = context.CreateEngines();
        var pipeline = services.GetRequiredService<ExplanationPipeline>();
        var made = (await Images.ReadAsync(arguments.GetRequiredValue(Image), cancel)).BindAsync(file =>
            Engines.LoadModel(arguments.GetRequiredValue(Model))
                .Bind(model => ExplanationPlan.Create(model, Request(arguments)))
                .BindAsync(plan => Images.Style(arguments, target).BindAsync(style =>
                {
                    var (form, view) = (FormOf(target), arguments.GetValue(View) ?? ExplainView.Side);
                    return pipeline.ExplainAsync(pipeline.Place(plan, file, form, view, style), file, form, view, style, cancel);
                })));
        return await made.MapAsync(content => Images.SaveAsync(arguments, target, content, cancel));
    }

    private static ExplanationRequest Request(ParseResult arguments) => new()
    {
        Method = (arguments.GetValue(Method) ?? ExplainMethod.GradCam).ToWireName(),
        Class = arguments.GetValue(Class),
        Layer = arguments.GetValue(Layer),
        Samples = arguments.GetValue(Samples),
        Steps = arguments.GetValue(Steps),
    };

    private static string Address(ParseResult arguments, FileInfo target)
    {
        var form = FormOf(target);
        var view = (arguments.GetValue(View) ?? ExplainView.Side).ToWireName();
        (string, object?)[] drawn = [("layout", view), .. Images.Query(arguments, target)];
        return Service.Address("explain",
            [
                ("model", arguments.GetRequiredValue(Model)),
                ("method", arguments.GetValue(Method)?.ToWireName()),
                ("class", arguments.GetValue(Class)),
                ("layer", arguments.GetValue(Layer)),
                ("samples", arguments.GetValue(Samples)),
                ("steps", arguments.GetValue(Steps)),
                .. form == ExplainForm.Figure ? drawn : [("format", form.ToWireName())],
            ]);
    }

    private static ExplainForm FormOf(FileInfo target) => target.Extension switch
    {
        ".json" => ExplainForm.Json,
        ".npy" => ExplainForm.Npy,
        ".f32" => ExplainForm.F32,
        _ => ExplainForm.Figure,
    };
}
