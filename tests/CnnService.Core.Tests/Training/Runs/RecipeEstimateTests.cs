using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Recipes;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Runs;

namespace CnnService.Core.Tests.Training.Runs;

/// <summary>
/// 100 training and 50 validation images, on a machine that decodes 100 a second and takes 0.4 ms for each image in any network.
/// </summary>
public sealed class RecipeEstimateTests
{
    private static readonly MachineSpeed Speed = new()
    {
        Training = double.PositiveInfinity,
        Serving = double.PositiveInfinity,
        Exact = double.PositiveInfinity,
        DecodedPerSecond = 100,
    };

    [Fact]
    public async Task Create_OfTheArticle_TellsEachPart()
    {
        var told = await CreateAsync("article");

        // 2 s of start and 150 images decoded; 30 epochs of 150 images at 0.4 ms; 1 s of publishing.
        Assert.Equal(3.5, told.Parts!.Single(part => part.Part == RunPart.Preparing).Seconds);
        Assert.Equal(1.8, told.Parts!.Single(part => part.Part == RunPart.Epochs).Seconds);
        Assert.Equal(1, told.Parts!.Single(part => part.Part == RunPart.Publishing).Seconds);
        Assert.Equal(told.Parts!.Sum(part => part.Seconds), told.Seconds!.Value, 0.05 * (told.Parts!.Count + 1));
        Assert.Equal(("d", "article"),
            (told.Request.GetProperty("dataset").GetString(), told.Request.GetProperty("recipe").GetString()));
    }

    [Fact]
    public async Task Create_WithoutTheStartItNeeds_TakesItsProblemAsTheNote()
    {
        var told = await CreateAsync("quick");

        Assert.Equal(("There is no 'resnet18-mlnet'.", null, null), (told.Note, told.Seconds, told.Parts));
    }

    private static Task<RecipeEstimate> CreateAsync(string recipe) => RecipeEstimate.CreateAsync(
        RecipeCatalog.Find(recipe)!, "d", Some.Dataset(train: 100, validation: 50), Task.FromResult(Speed),
        start => Task.FromResult<Outcome<PlanSetting>>(
            start is null
                ? new PlanSetting(string.Empty, string.Empty, TimeSpan.FromMinutes(1), 0)
                : Problem.NotFound("start.not-found", $"There is no '{start.Pretrained}'.")));
}
