using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Recipes;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training.Runs;

/// <summary>What a recipe stands for, and what it will take with a data set.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Request">The whole request that it stands for.</param>
public sealed record RecipeEstimate(Recipe Recipe, JsonElement Request)
{
    /// <summary>Rounded to a tenth; null where no data set was given, or the recipe cannot be used with it.</summary>
    public double? Seconds { get; init; }

    /// <summary>The same part by part, in order.</summary>
    public IReadOnlyList<PartSeconds>? Parts { get; init; }

    /// <summary>Why it does not fit the data set well, or cannot be used; null where nothing is to be said.</summary>
    public string? Note { get; init; }

    /// <summary>The recipe without an estimate.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="dataset">What the request names as its data set.</param>
    public static RecipeEstimate Describe(Recipe recipe, string dataset)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return new(recipe, RecipeCatalog.Fill(JsonSerializer.SerializeToElement(new { dataset, recipe = recipe.Name }), recipe));
    }

    /// <summary>The recipe with what it will take on a machine.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="name">What the request names as its data set.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="speed">Of the machine; awaited after the model, so that both can be found out at once.</param>
    /// <param name="findSetting">
    /// Finds the trained model that a request starts from (null: none), for the setting of its plan; its problem becomes the note.
    /// </param>
    public static async Task<RecipeEstimate> CreateAsync(
        Recipe recipe, string name, DatasetManifest dataset, Task<MachineSpeed> speed,
        Func<StartFrom?, Task<Outcome<PlanSetting>>> findSetting)
    {
        var described = Describe(recipe, name);
        return (await RequestEstimate.CreateAsync(described.Request, dataset, speed, findSetting)).Match(
            estimate => described with
            {
                Seconds = Rounded(estimate.Run.Seconds),
                Parts = [.. estimate.Run.Parts.Select(part => new PartSeconds(part.Key, Rounded(part.Value)))],
                Note = RecipeFit.Describe(estimate.Plan, dataset),
            },
            problem => described with { Note = problem.Detail });
    }

    private static double Rounded(double seconds) => Math.Round(seconds, 1);
}

/// <param name="Part">A part of the run.</param>
/// <param name="Seconds">What it will take.</param>
public sealed record PartSeconds(RunPart Part, double Seconds);
