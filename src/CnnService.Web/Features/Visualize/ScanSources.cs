using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>The data sets that layers are looked at through: the one asked for, else the one that the version was trained on, as it was
/// then.</summary>
internal sealed class ScanSources(DatasetStore datasets, DataFolders folders)
{
    public Task<Outcome<ScanSource>> FindAsync(LoadedModel model, ScanQuery query) =>
        FindAsync(model, query.Dataset, query.Split, query.ImageCount);

    /// <summary>Problem codes: <c>scan.no-dataset</c> and those of finding the data set.</summary>
    /// <param name="model">The version.</param>
    /// <param name="dataset">As asked for; null: the model's own.</param>
    /// <param name="split">As asked for; null: validation.</param>
    /// <param name="looked">How many images.</param>
    public Task<Outcome<ScanSource>> FindAsync(LoadedModel model, string? dataset, EnumQueryValue<Split>? split, int looked) =>
        ManifestAsync(model, dataset)
        .MapAsync(found => new ScanSource(folders.Dataset(found.Name), found, split?.Value ?? Split.Validation, looked));

    /// <summary>The request with the colours of a data set. Problem codes: <c>pattern.no-colors</c> and those of finding the data
    /// set.</summary>
    /// <param name="model">The version.</param>
    /// <param name="request">Without them.</param>
    /// <param name="dataset">As asked for; null: the model's own.</param>
    public async Task<Outcome<PatternRequest>> ColorsAsync(LoadedModel model, PatternRequest request, string? dataset) =>
        model.Network.Spec.Input.Channels != 3
            ? Problem.Unprocessable("pattern.no-colors",
                $"'{model.Name}:{model.Version}' takes grey images: colors=dataset has no meaning for it.")
            : (await ManifestAsync(model, dataset)).Bind<PatternRequest>(found => found.Covariance is { } covariance
                ? request with { Colors = ColorWhitening.Coloring(covariance) }
                : Problem.Unprocessable("pattern.no-colors",
                    $"The data set '{found.Name}' is grey, or was imported before the covariance of its colours was measured: import it "
                    + $"again."));

    private async Task<Outcome<DatasetManifest>> ManifestAsync(LoadedModel model, string? named) =>
        (named ?? model.Manifest.Origin?.Dataset) is { } name
            ? await DatasetImages.ManifestAsync(datasets, folders, name)
            : Problem.Conflict("scan.no-dataset", $"'{model.Name}:{model.Version}' was not trained here: name a data set with ?dataset=.");
}
