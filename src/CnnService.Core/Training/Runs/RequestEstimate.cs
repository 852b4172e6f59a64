using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training.Runs;

/// <summary>What the run of a training request is expected to take, without starting it.</summary>
/// <param name="Plan">What would be trained.</param>
/// <param name="Run">Its parts and their seconds.</param>
public sealed record RequestEstimate(TrainingPlan Plan, RunEstimate Run)
{
    /// <summary>
    /// Plans a request and estimates its run. Problems: <c>request.invalid</c>, whose detail is the first rule that the request breaks, and
    /// those of <paramref name="findSetting"/>.
    /// </summary>
    /// <param name="request">As it would be posted; a recipe that it names is filled in.</param>
    /// <param name="dataset">The data set it would be trained on.</param>
    /// <param name="speed">Of the machine; awaited after the model, so that both can be found out at once.</param>
    /// <param name="findSetting">Finds the trained model that the request starts from (null: none), for the setting of its plan.</param>
    public static async Task<Outcome<RequestEstimate>> CreateAsync(
        JsonElement request, DatasetManifest dataset, Task<MachineSpeed> speed, Func<StartFrom?, Task<Outcome<PlanSetting>>> findSetting)
    {
        ArgumentNullException.ThrowIfNull(findSetting);
        ArgumentNullException.ThrowIfNull(speed);
        var errors = new ValidationErrors();
        if (TrainRequestReader.Read(request, errors) is not { } read || errors.Any)
        {
            return Broken(errors);
        }

        var found = await findSetting(read.StartFrom);
        var known = await speed;
        return found.Bind<RequestEstimate>(setting =>
            TrainPlanner.Plan(read, dataset, setting, errors) is { } training
                ? new RequestEstimate(training.Plan, RunEstimate.Create(training, dataset, known))
                : Broken(errors));
    }

    private static Problem Broken(ValidationErrors errors) =>
        Problem.Invalid("request.invalid", errors.ToDictionary().First().Value[0]);
}
