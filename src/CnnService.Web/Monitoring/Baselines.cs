using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Monitoring;

/// <summary>
/// Baselines of versions: their predictions on validation images, stored with the version at publication, or computed once from a data set
/// and stored in a file. One is computed at a time; it continues when callers leave and is cancelled at shutdown. Thread safe.
/// </summary>
internal sealed class Baselines(
    DatasetStore datasets, IPixelCache pixels, IOnnxRunnerFactory runners, DataFolders folders, IHostApplicationLifetime service,
    ILogger<Baselines> logger) : IDisposable
{
    /// <summary>Shares computations among callers. Keeps nothing in memory: results are stored in files.</summary>
    private readonly CoalescingCache<(string File, string Dataset, Split Split), PredictionProfile> _making = new(
        new("baselines") { MaxBytes = 0, MaxConcurrency = 1, Linger = Timeout.InfiniteTimeSpan }, _ => 1, logger);

    /// <summary>
    /// The baseline of a version. Problems: <c>drift.no-baseline</c>, <c>drift.no-images</c>, and those of reading the data set.
    /// </summary>
    /// <param name="model">The version.</param>
    /// <param name="dataset">The data set to compute it from; null: the version's own baseline, one computed earlier, or the data set it
    /// was trained on.</param>
    /// <param name="split">The split of the data set.</param>
    /// <param name="patience">How long the caller waits for a computation.</param>
    /// <param name="cancel">Cancels the wait, not the computation.</param>
    /// <returns>Null if the wait ended first; the computation continues, and a later call returns its result.</returns>
    public async Task<Outcome<PredictionProfile>?> FindAsync(
        LoadedModel model, string? dataset, Split split, TimeSpan patience, CancellationToken cancel)
    {
        if (dataset is null && (model.Manifest.Baseline ?? Read(model)?.Profile) is { } known)
        {
            return known;
        }

        var source = dataset ?? model.Manifest.Origin?.Reference;
        return source is null
            ? None(model)
            : await (await DatasetImages.ManifestAsync(datasets, folders, source, cancel)).MatchAsync(
                manifest => dataset is null && manifest.Digest != model.Manifest.Origin!.DatasetDigest
                    ? Task.FromResult<Outcome<PredictionProfile>?>(None(model))
                    : FindAsync(model, manifest, split, patience, cancel),
                problem => dataset is null ? None(model) : problem);
    }

    private async Task<Outcome<PredictionProfile>?> FindAsync(
        LoadedModel model, DatasetManifest dataset, Split split, TimeSpan patience, CancellationToken cancel) =>
        dataset.Images.CountOf(split) == 0
            ? Problem.Unprocessable("drift.no-images", $"The data set '{dataset.Name}' has no {split.ToWireName()} images.")
            : Read(model) is { } made && made.Dataset == dataset.Digest && made.Profile.Split == split.ToWireName() ? made.Profile
            : await _making.GetOrComputeWithinAsync((FileOf(model), dataset.Digest, split),
                ended => MakeAsync(model, dataset, split, ended), patience, cancel);

    /// <summary>Deletes the baselines of a deleted model.</summary>
    public void Forget(string model)
    {
        if (Directory.Exists(Folder(model)))
        {
            Directory.Delete(Folder(model), recursive: true);
        }
    }

    public void Dispose() => _making.Dispose();

    private async Task<Outcome<PredictionProfile>> MakeAsync(
        LoadedModel model, DatasetManifest dataset, Split split, CancellationToken disposed)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(disposed, service.ApplicationStopping);
        var made = await Task.Factory.StartNew(() => Make(model, dataset, split, ended.Token), ended.Token, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return made.Map(profile =>
        {
            Directory.CreateDirectory(Folder(model.Name));
            DurableFile.Write(FileOf(model),
                JsonSerializer.SerializeToUtf8Bytes(new BaselineEntry(dataset.Digest, profile), CoreJson.Options));
            return profile;
        });
    }

    private Outcome<PredictionProfile> Make(LoadedModel model, DatasetManifest dataset, Split split, CancellationToken cancel)
    {
        var input = model.Network.Spec.Input;
        return pixels.Open(folders.Dataset(dataset.Name), dataset, split, input.Height, input.Width, input.Channels, cancel).Bind(images =>
        {
            using var _ = images;
            return runners.Load(RegularFile.ReadAllBytes(model.OnnxPath), model.Manifest.Preprocessing).Bind(runner =>
            {
                using var __ = runner;
                return (Outcome<PredictionProfile>)BaselineProfile.Compute(runner, model.Manifest.Classes, images, split, cancel);
            });
        });
    }

    private static Problem None(LoadedModel model) => Problem.Conflict(
        "drift.no-baseline",
        $"Nothing is known of what '{model.Name}:{model.Version}' predicts on validation images, and its data set is not here: name one "
        + $"with ?dataset=.");

    private BaselineEntry? Read(LoadedModel model) =>
        File.Exists(FileOf(model))
            ? JsonSerializer.Deserialize<BaselineEntry>(RegularFile.ReadAllBytes(FileOf(model)), CoreJson.Options)
            : null;

    private string Folder(string model) => Path.Combine(folders.Baselines, model);

    private string FileOf(LoadedModel model) => Path.Combine(Folder(model.Name), $"{model.Version}.json");

    /// <param name="Dataset">Digest of the data set that it was computed from.</param>
    /// <param name="Profile">Counts of the predictions.</param>
    private sealed record BaselineEntry(string Dataset, PredictionProfile Profile);
}
