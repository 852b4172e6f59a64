using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training.Calibrating;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;

namespace CnnService.Web.Features.Models;

/// <summary>Creates a calibration from a request.</summary>
internal sealed record CalibrationStart(
    VersionWorkStore<CalibrationRow> Calibrations, ModelRegistry Registry, DatasetStore Datasets, DataFolders Folders, WorkQueue Queue,
    TimeProvider Clock)
{
    public async Task<Outcome<CalibrationRow>> RunAsync(string name, string version, HttpRequest request, CancellationToken cancel)
    {
        var asked = await JsonRequest.ReadAsync<CalibrateRequest>(request, cancel, (_, _) => { });
        var model = await asked.BindAsync(_ => Registry.ResolveAsync(name, version));
        return await model.Bind(found => found.RequireClasses()).Bind(found => found.RequireLayers())
            .BindAsync(found => QueueAsync(found, asked.Value, cancel));
    }

    private async Task<Outcome<CalibrationRow>> QueueAsync(LoadedModel model, CalibrateRequest asked, CancellationToken cancel)
    {
        if ((asked.Dataset ?? model.Manifest.Origin?.Reference) is not { } reference)
        {
            return Problem.Unprocessable(
                "calibration.no-dataset", $"The {model.DisplayName} was imported: name a data set with its classes, 'dataset'.");
        }

        var dataset = await DatasetImages.DescriptionAsync(Datasets, Folders, reference, cancel);
        var added = await dataset.Check(found => VersionCalibrator.Check(model, found)).BindAsync(found => Calibrations.AddAsync(
            new()
            {
                Id = RunId.New(Clock),
                Model = model.Name,
                Version = model.Version,
                Dataset = found.Name,
                DatasetRevision = found.Revision.Number,
                Total = VersionCalibrator.CountSteps(model, found),
            },
            cancel));
        if (added.Succeeded)
        {
            Queue.Enqueue<CalibrationWork>(added.Value.Id);
        }

        return added;
    }
}
