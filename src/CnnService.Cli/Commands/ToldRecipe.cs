using System.Text.Json;
using CnnService.Client;
using CnnService.Core.Training.Runs;
using PartSeconds = CnnService.Core.Training.Runs.PartSeconds;
using RunPart = CnnService.Core.Training.RunPart;

namespace CnnService.Cli.Commands;

/// <summary>A recipe, with the fields of GET /recipes.</summary>
/// <param name="Name">The value of --recipe.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Request">The whole request that it stands for.</param>
internal sealed record ToldRecipe(string Name, string Summary, JsonElement Request)
{
    /// <summary>What it takes on this machine; null where no images were given, or it cannot be used.</summary>
    public double? Seconds { get; init; }

    /// <summary>The same part by part.</summary>
    public IReadOnlyList<PartSeconds>? Parts { get; init; }

    /// <summary>Why it does not fit the images well, or cannot be used; null where nothing is to be said.</summary>
    public string? Note { get; init; }

    public static ToldRecipe From(RecipeEstimate told) => new(told.Recipe.Name, told.Recipe.Summary, told.Request)
    {
        Seconds = told.Seconds,
        Parts = told.Parts,
        Note = told.Note,
    };

    public static ToldRecipe From(RecipeResource recipe) => new(recipe.Name, recipe.Summary, (JsonElement)recipe.Request)
    {
        Seconds = recipe.Seconds,
        Parts = recipe.Parts?.Select(part => new PartSeconds(Enum.Parse<RunPart>(part.Part.ToString()), part.Seconds)).ToList(),
        Note = recipe.Note,
    };
}
