using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Comparison;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;

namespace CnnService.Web.Features.Compare;

/// <summary>Creates a comparison from a request. References are resolved now, so that an alias that moves later has no effect.</summary>
internal sealed record ComparisonStart(
    ComparisonStore Comparisons, ModelRegistry Registry, DatasetStore Datasets, DataFolders Folders, WorkQueue Queue, TimeProvider Clock)
{
    /// <summary>Maximum number of comparisons in progress.</summary>
    private const int MaxRunning = 20;

    public async Task<Outcome<ComparisonRow>> RunAsync(JsonElement body, CancellationToken cancel)
    {
        if (DiskSpaceCheck.Check(Folders) is { } full)
        {
            return full;
        }

        return await JsonFieldReader.ReadRequest<CompareRequest>(body).BindAsync(request => StartAsync(request, cancel));
    }

    private async Task<Outcome<ComparisonRow>> StartAsync(CompareRequest request, CancellationToken cancel)
    {
        var a = (await Registry.ResolveAsync(request.A)).Bind(model => model.RequireClasses());
        var b = (await Registry.ResolveAsync(request.B)).Bind(model => model.RequireClasses());
        var dataset = await DatasetImages.DescriptionAsync(Datasets, Folders, request.Dataset, cancel);
        if ((a.Problem ?? b.Problem ?? dataset.Problem ?? Unfit(a.Value, b.Value, dataset.Value, request.Split)) is { } problem)
        {
            return problem;
        }

        var added = await Comparisons.AddAsync(Row(a.Value, b.Value, dataset.Value, request.Split), MaxRunning, cancel);
        if (added.Succeeded)
        {
            Queue.Enqueue<ComparisonWork>(added.Value.Id);
        }

        return added;
    }

    private static Problem? Unfit(LoadedModel a, LoadedModel b, DatasetManifest dataset, Split split)
    {
        if (dataset.RequireSingleLabel("A comparison") is { } several)
        {
            return several;
        }

        var unknown =
            new[] { a, b }.Select(model => (model, Classes: VersionComparison.UnknownClasses(dataset.Classes, model.Manifest.Classes)))
            .FirstOrDefault(one => one.Classes.Count > 0);
        return a.Folder == b.Folder
                ? Problem.Invalid("compare.same-version",
                    $"Two versions are needed to compare; a and b both name version {a.Version} of model '{a.Name}'.")
            : unknown.model is { } model
                ? Problem.Unprocessable("compare.classes",
                    $"The model '{model.Name}:{model.Version}' does not know the "
                    + $"class{(unknown.Classes.Count > 1 ? "es" : string.Empty)} "
                    + $"{string.Join(", ", unknown.Classes)} of data set '{dataset.Name}'.")
            : dataset.Images.CountOf(split) == 0
                ? Problem.Unprocessable("compare.no-images", $"The data set '{dataset.Name}' has no {split.ToWireName()} images.")
                : null;
    }

    private ComparisonRow Row(LoadedModel a, LoadedModel b, DatasetManifest dataset, Split split) => new()
    {
        Id = RunId.New(Clock),
        ModelA = a.Name,
        VersionA = a.Version,
        ModelB = b.Name,
        VersionB = b.Version,
        Dataset = dataset.Name,
        DatasetRevision = dataset.Revision.Number,
        Split = split,
        Total = dataset.Images.CountOf(split),
    };
}
