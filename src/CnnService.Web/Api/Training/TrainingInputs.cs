using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Transfer;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Training;

/// <summary>The resources that a training request refers to: its data set and the model that it starts from.</summary>
/// <param name="Dataset">The data set or why it cannot be used; null if its name is missing or invalid.</param>
/// <param name="Start">The model to start from or why it cannot be used; null if training starts from random weights.</param>
/// <param name="Folders">The folders of the data sets.</param>
internal sealed record TrainingInputs(Outcome<DatasetManifest>? Dataset, Outcome<LoadedModel>? Start, DataFolders Folders)
{
    /// <summary>The data set; null if it cannot be used.</summary>
    public DatasetManifest? Known => Dataset is { Succeeded: true } found ? found.Value : null;

    /// <summary>
    /// Why the data set or the model cannot be used; null if both can. Problems: those of finding the data set and the model, and
    /// <c>model.no-layers</c>.
    /// </summary>
    public Problem? Missing => Dataset?.Problem ?? Start?.Problem;

    public static async Task<TrainingInputs> FindAsync(
        DatasetStore datasets, ModelRegistry registry, DataFolders folders, string? dataset, StartFrom? start,
        CancellationToken cancel) => new(
            DatasetReference.Parse(dataset) is { } named ? await TrainableDataset.FindAsync(datasets, folders, named, cancel) : null,
            start is null ? null : (await StartAsync(registry, start, cancel)).Bind(model => model.RequireLayers()),
            folders);

    /// <summary>
    /// The settings of a plan that is only estimated. Problems: those of finding the data set and the model to start from.
    /// </summary>
    public static async Task<Outcome<PlanSetting>> SettingAsync(
        DatasetStore datasets, ModelRegistry registry, DataFolders folders, string? dataset, StartFrom? start, CancellationToken cancel)
    {
        var inputs = await FindAsync(datasets, registry, folders, dataset, start, cancel);
        return inputs.Missing is { } missing ? missing : inputs.Setting(string.Empty, TimeSpan.FromMinutes(1), 0) with
        {
            Now = DateTimeOffset.UnixEpoch, // No plan that is only estimated is ever over.
        };
    }

    private static Task<Outcome<LoadedModel>> StartAsync(ModelRegistry registry, StartFrom start, CancellationToken cancel) =>
        start.Pretrained is { } name ? registry.Starts.LoadAsync(name, cancel) : registry.ResolveAsync(start.Reference());

    /// <summary>The settings that a run's plan is made with.</summary>
    /// <param name="runId">The run's id; empty if not assigned yet.</param>
    /// <param name="checkpointEvery">Longest time between two checkpoints.</param>
    /// <param name="threads">Threads of libtorch; 0: all cores.</param>
    public PlanSetting Setting(string runId, TimeSpan checkpointEvery, int threads) =>
        new(runId, Known is { } known ? Folders.Relative(Folders.Dataset(known.Name)) : string.Empty, checkpointEvery, threads)
        {
            FeatureCache = Folders.Relative(Folders.FeatureCache),
            Start = Start is { Succeeded: true } found ? found.Value : null,
        };
}
