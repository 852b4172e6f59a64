using System.Text.Json;
using CnnService.Core.Classification.Bulk;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;

namespace CnnService.Web.Features.Classify;

/// <summary>Creates a job from a request. References are resolved now, so that an alias that moves later has no effect.</summary>
internal sealed record ClassifyJobStart(
    ClassifyJobStore Jobs, ModelRegistry Registry, DatasetStore Datasets, IdempotencyStore Keys, DataFolders Folders, WorkQueue Queue,
    TimeProvider Clock)
{
    private const string Operation = "classify/jobs";

    /// <summary>Maximum number of queued jobs.</summary>
    private const int MaxQueued = 100;

    /// <summary>Approximate size in bytes of a row of the tables without its probabilities.</summary>
    private const long RowBytes = 200;

    /// <summary>Approximate size in bytes of a probability in the scores and both tables.</summary>
    private const long CellBytes = 20;

    public async Task<Outcome<ClassifyJobRow>> RunAsync(HttpContext http)
    {
        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted);
        return await body.BindAsync(
            json => new IdempotentRequest<ClassifyJobRow>(Keys, Operation, Jobs.FindAsync, (id, cancel) => ReadAsync(id, json, cancel))
                .RunAsync(http.Request, json, RunId.New(Clock)));
    }

    private Task<Outcome<ClassifyJobRow>> ReadAsync(string id, JsonElement body, CancellationToken cancel) =>
        JsonFieldReader.ReadRequest<ClassifyJobRequest>(body).BindAsync(request => QueueAsync(id, request, cancel));

    private async Task<Outcome<ClassifyJobRow>> QueueAsync(string id, ClassifyJobRequest request, CancellationToken cancel)
    {
        var model = (await Registry.ResolveAsync(request.Model)).Bind(found => found.RequireClasses());
        var dataset = await DatasetImages.DescriptionAsync(Datasets, Folders, request.Dataset, cancel);
        if ((model.Problem ?? dataset.Problem) is { } missing)
        {
            return missing;
        }

        var plan = new BulkPlan(model.Value, dataset.Value, request.Split);
        if ((Empty(plan)
            ?? DiskSpaceCheck.Check(Folders, plan.Images.Count * (RowBytes + (CellBytes * plan.Classes.Count)))) is { } refusal)
        {
            return refusal;
        }

        var added = await Jobs.AddAsync(Row(id, plan), MaxQueued, cancel);
        if (added.Succeeded)
        {
            Queue.Enqueue<ClassificationWork>(id);
        }

        return added;
    }

    private static Problem? Empty(BulkPlan plan) => plan.Images.Count > 0 ? null : Problem.Unprocessable(
        "dataset.empty-split", $"The data set '{plan.Dataset.Name}' has no {plan.Split?.ToWireName()} images.");

    private static ClassifyJobRow Row(string id, BulkPlan plan) => new()
    {
        Id = id,
        Model = plan.Model.Name,
        Version = plan.Model.Version,
        Dataset = plan.Dataset.Name,
        DatasetRevision = plan.Dataset.Revision.Number,
        Digest = plan.Dataset.Digest,
        Split = plan.Split,
        Total = plan.Images.Count,
    };
}
