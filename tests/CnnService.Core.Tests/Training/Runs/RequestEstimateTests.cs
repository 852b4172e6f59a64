using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Runs;

namespace CnnService.Core.Tests.Training.Runs;

/// <summary>100 training and 50 validation images, on a machine that takes 0.4 ms for each image in any network.</summary>
public sealed class RequestEstimateTests
{
    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    public async Task Create_OfEpochs_TakesEachOfThem(int epochs)
    {
        var estimate = await CreateAsync(new { dataset = "d", epochs });

        Assert.Equal(epochs, estimate.Value.Plan.Epochs);
        Assert.Equal(epochs * 150 * 0.0004, estimate.Value.Run.Parts.Single(part => part.Key == RunPart.Epochs).Value, 1e-6);
    }

    [Fact]
    public async Task Create_OfABrokenRequest_NamesTheRule()
    {
        var problem = (await CreateAsync(new { dataset = "d", epochs = 0 })).Problem;

        Assert.Equal("request.invalid", problem?.Code);
        Assert.Contains("received 0", problem!.Detail, StringComparison.Ordinal);
    }

    private static Task<Outcome<RequestEstimate>> CreateAsync(object request) => RequestEstimate.CreateAsync(
        JsonSerializer.SerializeToElement(request), Some.Dataset(train: 100, validation: 50), Task.FromResult(Fast),
        _ => Task.FromResult<Outcome<PlanSetting>>(new PlanSetting(string.Empty, string.Empty, TimeSpan.FromMinutes(1), 0)));

    private static MachineSpeed Fast { get; } = new()
    {
        Training = double.PositiveInfinity,
        Serving = double.PositiveInfinity,
        Exact = double.PositiveInfinity,
        DecodedPerSecond = 100,
    };
}
