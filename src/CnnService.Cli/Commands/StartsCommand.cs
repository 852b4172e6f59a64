using System.CommandLine;
using System.Globalization;
using CnnService.Cli.Reporting;
using CnnService.Client;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Starts;

namespace CnnService.Cli.Commands;

/// <summary>cnn starts: lists the trained networks to start from, or writes one as a model folder that can be looked into.</summary>
internal static class StartsCommand
{
    private const string None = "There are no starts: this program was built without them, and Starts:Folders names none.";

    private static readonly Argument<string?> Name = new("name")
    {
        Description = "A start; left out: all are listed.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<DirectoryInfo?> Out = new("--out") { Description = "The model folder to create of it." };

    public static Command Create()
    {
        var command = new Command("starts", "List the trained networks that training can start from, or make a model folder of one.")
        {
            Name, Out, OutTarget.Force,
        };
        Service.AddTo(command);
        command.Answers(RunAsync);
        return command;
    }

    private static async Task<Outcome<Answer>> RunAsync(ParseResult arguments, CommandContext context, CancellationToken cancel)
    {
        var (name, folder) = (arguments.GetValue(Name), arguments.GetValue(Out));
        if (Service.IsAsked(arguments))
        {
            return folder is null
                ? (await Service.AskAsync(arguments, service => service.ListStartsAsync(cancel))).Bind(found => Tell(found, name))
                : Problem.Invalid("request.invalid", "--out must be given without --url: it copies a start of this machine.");
        }

        await using var services = context.CreateEngines();
        if (folder is null)
        {
            var catalog = services.GetRequiredService<StartCatalog>();
            return name is null ? List(catalog) : catalog.Find(name).Map(start => Describe(ToldStart.From(start)));
        }

        if (name is null)
        {
            return Problem.Invalid("request.invalid", "--out must be given with the name of a start.");
        }

        return OutTarget.Refuse(arguments, folder) is { } refused
            ? refused
            : (await services.GetRequiredService<StartLibrary>().LoadAsync(name, cancel)).Map(model => Copy(arguments, model, folder));
    }

    private static Outcome<Answer> Tell(StartsResource found, string? name)
    {
        ToldStart[] told = [.. found.Items.Select(ToldStart.From)];
        return name is null ? List(told, found.Unusable)
            : told.FirstOrDefault(start => start.Name == name) is { } one ? Describe(one)
            : Problem.NotFound("start.not-found",
                $"There is no start '{name}'; there are: {string.Join(", ", told.Select(start => start.Name))}.");
    }

    private static Answer List(StartCatalog catalog)
    {
        var (starts, unusable) = catalog.List();
        return List([.. starts.Select(ToldStart.From)], [.. unusable.Select(problem => problem.Detail)]);
    }

    private static Answer List(ToldStart[] told, IReadOnlyList<string> unusable) =>
        new(new { Items = told, Unusable = unusable }, text =>
        {
            var table = new TextTable("start", "images", TextColumn.Number("features"), TextColumn.Number("size"), "what it is");
            foreach (var start in told)
            {
                table.Add(start.Name, $"{start.Input.Height}x{start.Input.Width}",
                    start.Features.ToString(CultureInfo.InvariantCulture), Words.Bytes(start.Bytes), start.Summary);
            }

            if (told.Length > 0)
            {
                text.Table(table);
                text.Line("cnn starts NAME tells where one comes from and under which terms.");
            }
            else
            {
                text.Line(None);
            }

            foreach (var sentence in unusable)
            {
                text.Line(sentence);
            }
        });

    private static Answer Describe(ToldStart told) =>
        new(told, text =>
        {
            text.Line($"{told.Name}: {told.Summary}");
            text.Line($"  trained on {told.TrainedOn}");
            text.Line($"  takes images of {told.Input.Height}x{told.Input.Width}, gives {told.Features} features");
            text.Line($"  source     {told.Source}");
            text.Line($"  licence    {told.Licence}");
            text.Line($"  terms      {told.Terms}");
            text.Line(string.Create(CultureInfo.InvariantCulture, $"  SHA-256    {told.Sha256}, {told.Bytes:N0} bytes"));
        });

    private static Answer Copy(ParseResult arguments, LoadedModel model, DirectoryInfo folder)
    {
        OutTarget.Clear(arguments, folder);
        folder.Create();
        foreach (var file in model.Manifest.Files.Select(file => file.Name).Append(ModelPackage.ManifestFile))
        {
            File.Copy(Path.Combine(model.Folder, file), Path.Combine(folder.FullName, file));
        }

        return new(new { Folder = folder.FullName }, text => text.Line($"The model lies in {folder.FullName}"));
    }
}
