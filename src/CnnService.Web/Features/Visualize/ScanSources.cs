using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>
/// Finds the data sets that layers are run on: the requested one, else the revision that the version was trained on.
/// </summary>
internal sealed class ScanSources(DatasetStore datasets, DataFolders folders)
{
    public Task<Outcome<ScanSource>> FindAsync(LoadedModel model, ScanQuery query, CancellationToken cancel) =>
        FindAsync(model, query.Dataset, query.Split, query.ImageCount, cancel);

    /// <summary>Finds the images. Problems: <c>scan.no-dataset</c> and those of finding the data set.</summary>
    /// <param name="model">The version.</param>
    /// <param name="dataset">The requested data set; null: the model's own.</param>
    /// <param name="split">The requested split; null: validation.</param>
    /// <param name="maxImages">Maximum number of images.</param>
    /// <param name="cancel">Ends the look-up.</param>
    public Task<Outcome<ScanSource>> FindAsync(
        LoadedModel model, string? dataset, EnumQueryValue<Split>? split, int maxImages, CancellationToken cancel) =>
        ManifestAsync(model, dataset, cancel)
        .MapAsync(found => new ScanSource(folders.Dataset(found.Name), found, split?.Value ?? Split.Validation, maxImages));

    /// <summary>
    /// Adds the colours of a data set to a request. Problems: <c>pattern.no-colors</c> and those of finding the data set.
    /// </summary>
    /// <param name="model">The version.</param>
    /// <param name="request">The request without colours.</param>
    /// <param name="dataset">The requested data set; null: the model's own.</param>
    /// <param name="cancel">Ends the look-up.</param>
    public async Task<Outcome<PatternRequest>> ColorsAsync(
        LoadedModel model, PatternRequest request, string? dataset, CancellationToken cancel) =>
        model.Network.Spec.Input.Channels != 3
            ? Problem.Unprocessable("pattern.no-colors",
                $"'{model.Name}:{model.Version}' takes grey images: colors=dataset has no meaning for it.")
            : (await ManifestAsync(model, dataset, cancel)).Bind<PatternRequest>(found => found.Covariance is { } covariance
                ? request with { Colors = ColorWhitening.Coloring(covariance) }
                : Problem.Unprocessable("pattern.no-colors",
                    $"The data set '{found.Name}' is grey, or was imported before the covariance of its colours was measured: import it "
                    + $"again."));

    private async Task<Outcome<DatasetManifest>> ManifestAsync(LoadedModel model, string? named, CancellationToken cancel) =>
        (named ?? model.Manifest.Origin?.Reference) is { } name
            ? await DatasetImages.ManifestAsync(datasets, folders, name, cancel)
            : Problem.Conflict("scan.no-dataset", $"'{model.Name}:{model.Version}' was not trained here: name a data set with ?dataset=.");
}
