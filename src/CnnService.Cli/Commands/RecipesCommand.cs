using System.CommandLine;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models.Starts;
using CnnService.Core.Training.Recipes;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Runs;
using CnnService.Core.Training.Transfer;

namespace CnnService.Cli.Commands;

/// <summary>cnn recipes: lists the ways of training, and with images how long each takes with them on this machine.</summary>
internal static class RecipesCommand
{
    public static Command Create()
    {
        var command = new Command("recipes", "List the recipes of cnn train; with images, what each takes on this machine.");
        DataArguments.AddOptionalTo(command);
        Service.AddTo(command);
        command.Answers(RunAsync);
        return command;
    }

    private static async Task<Outcome<Answer>> RunAsync(ParseResult arguments, CommandContext context, CancellationToken cancel)
    {
        if (Service.IsAsked(arguments))
        {
            return (await Service.AskAsync(
                arguments, service => service.ListRecipesAsync(DataArguments.NameOptional(arguments), cancel)))
                .Map(found => Tell([.. found.Items.Select(ToldRecipe.From)]));
        }

        var errors = new ValidationErrors();
        if (DataArguments.ReadOptional(arguments, errors) is not { } import)
        {
            return Tell([.. RecipeCatalog.All.Select(
                recipe => ToldRecipe.From(RecipeEstimate.Describe(recipe, TrainArguments.DatasetName)))]);
        }

        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        await using var services = context.CreateEngines();
        return await import
            .BindAsync(data => services.GetRequiredService<IDatasetInspector>().ReadAsync(data, cancel))
            .BindAsync(async dataset =>
            {
                context.Report.Note("Timing this machine by a few batches of a network.");
                var (meter, starts) = (services.GetRequiredService<MachineSpeedMeter>(), services.GetRequiredService<StartLibrary>());
                var measured = await Task.Run(() => meter.Measure(), cancel);
                return await measured.MapAsync(async speed =>
                {
                    var recipes = new List<ToldRecipe>();
                    foreach (var recipe in RecipeCatalog.All)
                    {
                        recipes.Add(ToldRecipe.From(await RecipeEstimate.CreateAsync(
                            recipe, TrainArguments.DatasetName, dataset, Task.FromResult(speed),
                            start => FindSettingAsync(starts, start, cancel))));
                    }

                    return Tell(recipes);
                });
            });
    }

    private static async Task<Outcome<PlanSetting>> FindSettingAsync(StartLibrary starts, StartFrom? start, CancellationToken cancel)
    {
        var setting = new PlanSetting(string.Empty, string.Empty, TimeSpan.FromMinutes(1), 0)
        {
            Now = DateTimeOffset.UnixEpoch, // No plan that is only estimated is ever over.
        };
        return start?.Pretrained is { } name
            ? (await starts.LoadAsync(name, cancel)).Map(model => setting with { Start = model })
            : setting;
    }

    private static Answer Tell(IReadOnlyList<ToldRecipe> recipes) => new(new { Items = recipes }, text =>
    {
        var hasTimes = recipes.Any(recipe => recipe.Seconds is not null);
        var table = hasTimes ? new TextTable("recipe", TextColumn.Number("about"), "what it does") : new("recipe", "what it does");
        foreach (var recipe in recipes)
        {
            var name = recipe.Name == RecipeCatalog.Default.Name ? $"{recipe.Name} (default)" : recipe.Name;
            var about = recipe.Seconds is { } seconds ? Words.Duration(TimeSpan.FromSeconds(seconds)) : "-";
            table.Add(hasTimes ? [name, about, recipe.Summary] : [name, recipe.Summary]);
        }

        text.Table(table);
        foreach (var recipe in recipes.Where(recipe => recipe.Note is not null))
        {
            text.Line($"{recipe.Name}: {recipe.Note}");
        }
    });
}
