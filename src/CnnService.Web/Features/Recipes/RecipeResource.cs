using System.Text.Json;
using CnnService.Core.Training.Runs;

namespace CnnService.Web.Features.Recipes;

/// <param name="Items">The recipes; the first is meant where none is named.</param>
internal sealed record RecipesResource(IReadOnlyList<RecipeResource> Items);

/// <summary>A recipe of training.</summary>
/// <param name="Name">The value of the field <c>recipe</c>.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Request">The whole request that it stands for.</param>
/// <param name="Seconds">What it will take on this machine with this data set; null where none was named or it cannot be used.</param>
/// <param name="Parts">The same part by part.</param>
/// <param name="Note">Why it does not fit the data set well, or cannot be used; null where nothing is to be said.</param>
internal sealed record RecipeResource(
    string Name, string Summary, JsonElement Request, double? Seconds, IReadOnlyList<PartSeconds>? Parts, string? Note)
{
    public static RecipeResource From(RecipeEstimate told) =>
        new(told.Recipe.Name, told.Recipe.Summary, told.Request, told.Seconds, told.Parts, told.Note);
}
