using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Recipes;
using CnnService.Core.Training.Runs;
using CnnService.Web.Api.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Recipes;

/// <summary>/recipes: ways of training, in words, with the time they take here.</summary>
internal static class RecipesApi
{
    public static void MapRecipes(this IEndpointRouteBuilder routes) => routes.MapGet("/recipes", ListAsync)
        .WithName("ListRecipes").WithTags("Training").RequireAuthorization(Scopes.Read)
        .WithSummary("List the recipes of training")
        .WithDescription(
            "What each does, and the whole request it stands for: `{\"dataset\": …, \"recipe\": \"quick\"}` is enough for `POST /train`, "
            + "and fields given beside it win. With `dataset`, also the seconds it will take on this machine, whose speed is timed once "
            + "(file `machine.json`). `note` says where a recipe does not fit the data set, or cannot be used.")
        .ProducesProblems(400, 404, 409, 422);

    private static async Task<Results<Ok<RecipesResource>, ProblemResult>> ListAsync(
        [AsParameters] RecipeServices services, string? dataset, CancellationToken cancel)
    {
        if (dataset is null)
        {
            return TypedResults.Ok(new RecipesResource(
                [.. RecipeCatalog.All.Select(recipe => RecipeResource.From(RecipeEstimate.Describe(recipe, "…")))]));
        }

        if (DatasetReference.Parse(dataset) is not { } named)
        {
            return Problem.Invalid("request.invalid", $"dataset {DatasetReference.Rule}, received \"{dataset}\".").ToResult();
        }

        var found = await TrainableDataset.FindAsync(services.Datasets, services.Folders, named, cancel);
        return await found.Check(TrainableDataset.CheckTrainable).ToResultAsync(async manifest =>
            TypedResults.Ok(await EstimateAsync(services, (dataset, manifest), cancel)));
    }

    private static async Task<RecipesResource> EstimateAsync(
        RecipeServices services, (string Name, DatasetManifest Manifest) dataset, CancellationToken cancel)
    {
        var speed = services.Speed.GetAsync(cancel);
        // At once: two that begin at one start wait for its first import together.
        var estimates = await Task.WhenAll(RecipeCatalog.All.Select(recipe => RecipeEstimate.CreateAsync(
            recipe, dataset.Name, dataset.Manifest, speed, start =>
                TrainingInputs.SettingAsync(services.Datasets, services.Registry, services.Folders, dataset.Name, start, cancel))));
        return new([.. estimates.Select(RecipeResource.From)]);
    }
}

/// <summary>The services needed for telling of recipes.</summary>
internal sealed record RecipeServices(DatasetStore Datasets, ModelRegistry Registry, DataFolders Folders, KnownSpeed Speed);
