using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Starts;

namespace CnnService.Cli.Commands;

/// <summary>cnn starts: lists the trained networks to start from, or writes one as a model folder that can be looked into.</summary>
internal static class StartsCommand
{
    private static readonly Argument<string?> Name = new("name")
    {
        Description = "A start; left out: all are listed.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<DirectoryInfo?> Out = new("--out") { Description = "The model folder to create of it." };

    public static Command Create()
    {
        var command = new Command("starts", "List the trained networks that training can start from, or make a model folder of one.")
            { Name, Out };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        await using var services = Engines.Create();
        var (name, folder) = (arguments.GetValue(Name), arguments.GetValue(Out));
        if (folder is null)
        {
            var catalog = services.GetRequiredService<StartCatalog>();
            return name is null ? List(catalog) : catalog.Find(name).Match(Describe, Engines.ReportProblem);
        }

        if (name is null || folder.Exists)
        {
            return Engines.ReportProblem(name is null
                ? Problem.Invalid("request.invalid", "--out must be given with the name of a start.")
                : Problem.Conflict("folder.exists", $"The folder '{folder.FullName}' is there already: name one to be made."));
        }

        var model = await services.GetRequiredService<StartLibrary>().LoadAsync(name, cancel);
        return model.Match(loaded => Copy(loaded, folder), Engines.ReportProblem);
    }

    private static int List(StartCatalog catalog)
    {
        var (starts, unusable) = catalog.List();
        foreach (var start in starts)
        {
            Describe(start);
        }

        foreach (var problem in unusable)
        {
            Console.Error.WriteLine(problem.Detail);
        }

        if (starts.Count == 0)
        {
            Console.WriteLine("There are no starts: this program was built without them, and Starts:Folders names none.");
        }

        return 0;
    }

    private static int Describe(Start start)
    {
        var about = start.Manifest;
        Console.WriteLine($"""
            {start.Name}: {about.Summary}
              trained on {about.TrainedOn}
              takes images of {about.Input.Height}x{about.Input.Width}, gives {about.Features} features
              source     {about.Source}
              licence    {about.Licence}
              terms      {about.Terms}
              SHA-256    {about.Sha256}, {new FileInfo(start.File).Length:N0} bytes
            """);
        return 0;
    }

    private static int Copy(LoadedModel model, DirectoryInfo folder)
    {
        folder.Create();
        foreach (var file in model.Manifest.Files.Select(file => file.Name).Append(ModelPackage.ManifestFile))
        {
            File.Copy(Path.Combine(model.Folder, file), Path.Combine(folder.FullName, file));
        }

        Console.WriteLine($"The model lies in {folder.FullName}");
        return 0;
    }
}
