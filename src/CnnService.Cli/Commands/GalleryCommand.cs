using System.CommandLine;
using CnnService.Cli.Gallery;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;

namespace CnnService.Cli.Commands;

/// <summary>cnn gallery: creates a page with the figures of Dertat's article for a model of a running service.</summary>
internal static class GalleryCommand
{
    private static readonly Argument<string> Model = new("model")
    {
        Description = "A model of the service: name, name:version or name@alias."
    };
    private static readonly Option<string> Url = new("--url")
    {
        Description = "Address of the service.",
        DefaultValueFactory = _ => "http://localhost:5000",
    };
    private static readonly Option<string?> Image = new("--image")
    {
        Description =
            "dataset/id of the image whose maps and explanations are shown; default the first validation image of the model's data set."
    };
    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Coarser patterns of filters and classes, several times as fast."
    };
    private static readonly Option<DirectoryInfo> Out = new("--out")
    {
        Description = $"The folder; its page is {GalleryPage.HtmlFile}.",
        DefaultValueFactory = _ => new DirectoryInfo("gallery"),
    };
    private static readonly Option<bool> Force = new("--force") { Description = "Overwrite the files of a gallery that is there." };

    public static Command Create()
    {
        var command = new Command("gallery", "Make a page of what a model of a running service looks like from inside.")
        {
            Model, Url, Service.Key, Image, Quick, Out, Force,
        };
        command.Answers(RunAsync);
        return command;
    }

    private static async Task<Outcome<Answer>> RunAsync(ParseResult arguments, CommandContext context, CancellationToken cancel)
    {
        var folder = arguments.GetRequiredValue(Out);
        if (folder.Exists && folder.EnumerateFileSystemInfos().Any() && !arguments.GetValue(Force))
        {
            return Problem.Conflict(
                "folder.exists", $"The folder '{folder.FullName}' is there already: name another, or write over its files with --force.");
        }

        var model = arguments.GetRequiredValue(Model);
        var made = await Service.AskAsync(arguments.GetValue(Url), arguments.GetValue(Service.Key), service =>
            context.Report.FollowAsync(display => new GalleryPage(service, folder, arguments.GetValue(Quick), display)
                .WriteAsync(model, arguments.GetValue(Image), cancel)));
        return made.Map(figures =>
        {
            var page = Path.Combine(folder.FullName, GalleryPage.HtmlFile);
            return new Answer(new { Page = page, Figures = figures }, text => text.Line($"The page: {page}"));
        });
    }
}
