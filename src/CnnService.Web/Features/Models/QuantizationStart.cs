using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Comparison;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;

namespace CnnService.Web.Features.Models;

/// <summary>Creates a quantization from a request.</summary>
internal sealed record QuantizationStart(
    VersionWorkStore<QuantizationRow> Quantizations, ModelRegistry Registry, DatasetStore Datasets, DataFolders Folders,
    IServingDevice Device, WorkQueue Queue, TimeProvider Clock)
{
    public async Task<Outcome<QuantizationRow>> RunAsync(string name, string version, HttpRequest request, CancellationToken cancel)
    {
        var asked = await JsonRequest.ReadAsync<QuantizeRequest>(request, cancel, Check);
        var model = await asked.BindAsync(_ => Registry.ResolveAsync(name, version));
        return await model.Bind(found => found.RequireClasses()).Bind(found => found.RequireLayers()).Check(Unfit)
            .BindAsync(found => QueueAsync(found, asked.Value, cancel));
    }

    private static void Check(QuantizeRequest request, ValidationErrors errors) => errors.Require(
        request.MaxAccuracyLoss is >= 0 and <= 1, "maxAccuracyLoss", $"must be between 0 and 1, received {request.MaxAccuracyLoss}");

    private Problem? Unfit(LoadedModel model) =>
        model.Network.IsMultiLabel ? Problem.Unprocessable(
            "quantization.unsupported", $"The {model.DisplayName} gives several classes an image, which are not judged here.")
        : Device.Device.Match(device => device != "cpu", _ => false) ? Problem.Conflict(
            "quantization.gpu", "Networks run on a GPU here, where 8-bit integers are not faster: set Serving:Device to cpu first.")
        : null;

    private async Task<Outcome<QuantizationRow>> QueueAsync(LoadedModel model, QuantizeRequest asked, CancellationToken cancel)
    {
        if ((asked.Dataset ?? model.Manifest.Origin?.Reference) is not { } reference)
        {
            return Problem.Unprocessable(
                "quantization.no-dataset", $"The {model.DisplayName} was imported: name a data set with its classes, 'dataset'.");
        }

        var dataset = await DatasetImages.DescriptionAsync(Datasets, Folders, reference, cancel);
        var added = await dataset.Check(found => Unfit(model, found)).BindAsync(found => Quantizations.AddAsync(
            new()
            {
                Id = RunId.New(Clock),
                Model = model.Name,
                Version = model.Version,
                Dataset = found.Name,
                DatasetRevision = found.Revision.Number,
                MaxAccuracyLoss = asked.MaxAccuracyLoss,
                Total = found.Images.CountOf(Split.Validation),
            },
            cancel));
        if (added.Succeeded)
        {
            Queue.Enqueue<QuantizationWork>(added.Value.Id);
        }

        return added;
    }

    private static Problem? Unfit(LoadedModel model, DatasetManifest dataset) => dataset.RequireSingleLabel("A quantization") ?? (
        VersionComparison.UnknownClasses(dataset.Classes, model.Manifest.Classes) is { Count: > 0 } unknown
            ? Problem.Unprocessable("quantization.classes",
                $"The {model.DisplayName} does not know {string.Join(", ", unknown.Take(5))} of data set '{dataset.Name}'.")
        : dataset.Images.CountOf(Split.Validation) == 0
            ? Problem.Unprocessable("dataset.empty-split", $"The data set '{dataset.Name}' has no validation images to judge on.")
            : null);
}
