using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Transfer;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Training;

/// <summary>What a training request names, looked up: its data set and the model that it starts from.</summary>
/// <param name="Dataset">Null where the request names none in a sound way.</param>
/// <param name="Start">Null where it starts from none.</param>
/// <param name="Folders">Where data sets lie.</param>
internal sealed record TrainingInputs(Outcome<DatasetManifest>? Dataset, Outcome<LoadedModel>? Start, DataFolders Folders)
{
    /// <summary>The data set, where it is there.</summary>
    public DatasetManifest? Known => Dataset is { Succeeded: true } found ? found.Value : null;

    /// <summary>
    /// Why one of the two cannot be used; null where both can. Problem codes: those of the data set, of the registry, and
    /// <c>model.no-layers</c>.
    /// </summary>
    public Problem? Missing => Dataset?.Problem ?? Start?.Problem;

    public static async Task<TrainingInputs> FindAsync(
        DatasetStore datasets, ModelRegistry registry, DataFolders folders, string? dataset, StartFrom? start) => new(
            ResourceName.IsValid(dataset) ? await TrainableDataset.FindAsync(datasets, folders, dataset!) : null,
            start is null ? null : (await registry.ResolveAsync(start.Reference())).Bind(model => model.RequireLayers()),
            folders);

    /// <summary>What the plan of a run is made with.</summary>
    /// <param name="runId">The run; empty where it is not known yet.</param>
    /// <param name="checkpointEvery">The longest time between two checkpoints.</param>
    /// <param name="threads">Of the tensor library; 0: all cores.</param>
    public PlanSetting Setting(string runId, TimeSpan checkpointEvery, int threads) =>
        new(runId, Known is { } known ? Folders.Dataset(known.Name) : string.Empty, checkpointEvery, threads)
        {
            Start = Start is { Succeeded: true } found ? found.Value : null,
        };
}
