using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;

namespace CnnService.Cli.Commands;

/// <summary>cnn explain: shows which pixels of an image a prediction is based on.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<DirectoryInfo> Model = CommonArguments.Model();
    private static readonly Argument<FileInfo> Image = new("image") { Description = "An image file." };
    private static readonly Option<string> Method = new("--method")
    {
        Description = string.Join(", ", WireName.All<ExplainMethod>()),
        DefaultValueFactory = _ => WireName.All<ExplainMethod>()[0],
    };
    private static readonly Option<string?> Class =
        new("--class") { Description = "A class by name or index; default: the predicted one." };
    private static readonly Option<string?> Layer =
        new("--layer") { Description = "Layer of class activation maps; default: the last one with feature maps before the classifier." };
    private static readonly Option<int?> Samples =
        new("--samples") { Description = "Number of samples (noisy copies, masks or feature maps) of methods that sample." };
    private static readonly Option<int?> Steps = new("--steps") { Description = "Steps of integrated-gradients." };
    private static readonly Option<ExplainView> View = new("--view")
    {
        Description = "What the figure shows.",
        DefaultValueFactory = _ => ExplainView.Side,
    };
    private static readonly Option<FileInfo> Out = new("--out")
    {
        Description = "A .png or .svg, or .json, .npy or .f32 for numbers.",
        DefaultValueFactory = _ => new FileInfo("explanation.png"),
    };

    public static Command Create()
    {
        var command = new Command("explain", "Show what an answer rests on.") { Model, Image, Method, Class, Layer, Samples, Steps, View,
            Out, Images.Theme, Images.Scale };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        var (image, target) = (arguments.GetRequiredValue(Image), arguments.GetRequiredValue(Out));
        if (!image.Exists)
        {
            return Engines.ReportProblem(Problem.NotFound("image.not-found", $"There is no file '{image.FullName}'."));
        }

        await using var services = Engines.Create();
        var pipeline = services.GetRequiredService<ExplanationPipeline>();
        var file = await File.ReadAllBytesAsync(image.FullName, cancel);
        var made = await Engines.LoadModel(arguments.GetRequiredValue(Model))
            .Bind(model => ExplanationPlan.Create(model, Request(arguments)))
            .BindAsync(plan => Images.Style(arguments, target).BindAsync(style =>
            {
                var (form, view) = (FormOf(target), arguments.GetValue(View));
                return pipeline.ExplainAsync(pipeline.Place(plan, file, form, view, style), file, form, view, style, cancel);
            }));
        return await made.MatchAsync(content => SaveAsync(target, content, cancel), Engines.ReportProblem);
    }

    private static async Task<int> SaveAsync(FileInfo target, byte[] made, CancellationToken cancel)
    {
        await File.WriteAllBytesAsync(target.FullName, made, cancel);
        Console.WriteLine(target.FullName);
        return 0;
    }

    private static ExplanationRequest Request(ParseResult arguments) => new()
    {
        Method = arguments.GetRequiredValue(Method),
        Class = arguments.GetValue(Class),
        Layer = arguments.GetValue(Layer),
        Samples = arguments.GetValue(Samples),
        Steps = arguments.GetValue(Steps),
    };

    private static ExplainForm FormOf(FileInfo target) => target.Extension switch
    {
        ".json" => ExplainForm.Json,
        ".npy" => ExplainForm.Npy,
        ".f32" => ExplainForm.F32,
        _ => ExplainForm.Figure,
    };
}
