using System.CommandLine;
using System.Text.Json;
using CnnService.Cli.Gallery;
using CnnService.Core.Common;

namespace CnnService.Cli.Commands;

/// <summary>cnn gallery: creates a page with the figures of Dertat's article for a model of a running service.</summary>
internal static class GalleryCommand
{
    /// <summary>HTTP timeout: activation maximization of a large network takes minutes.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    private static readonly Argument<string> Model = new("model")
    {
        Description = "A model of the service: name, name:version or name@alias."
    };
    private static readonly Option<string> Url = new("--url")
    {
        Description = "Address of the service.",
        DefaultValueFactory = _ => "http://localhost:5000",
    };
    private static readonly Option<string?> Key = new("--key") { Description = "API key, if the service requires one." };
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
        Description = "The folder; its page is README.md.",
        DefaultValueFactory = _ => new DirectoryInfo("gallery"),
    };

    public static Command Create()
    {
        var command = new Command("gallery", "Make a page of what a model of a running service looks like from inside.") { Model, Url, Key,
            Image, Quick, Out };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        if (!Uri.TryCreate(arguments.GetValue(Url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return Engines.ReportProblem(
                Problem.Invalid("gallery.url",
                    $"--url must be an address such as http://localhost:5000, received '{arguments.GetValue(Url)}'."));
        }

#pragma warning disable RS0030 // A single client that lives as long as the process.
        using var client = new HttpClient { BaseAddress = url, Timeout = Timeout };
#pragma warning restore RS0030
        if (arguments.GetValue(Key) is { } key)
        {
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
        }

        try
        {
            var page = new GalleryPage(new ServiceClient(client), arguments.GetRequiredValue(Out), arguments.GetValue(Quick), Console.Out);
            await page.WriteAsync(arguments.GetRequiredValue(Model), arguments.GetValue(Image), cancel);
            return 0;
        }
        catch (HttpRequestException failure)
        {
            return Engines.ReportProblem(new Problem(ProblemKind.Unavailable, "gallery.failed", failure.Message));
        }
        catch (JsonException)
        {
            return Engines.ReportProblem(
                new Problem(ProblemKind.Unavailable, "gallery.failed", $"What answers at {url} is no CnnService."));
        }
    }
}
