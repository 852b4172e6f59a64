using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Serving;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Models;

/// <summary>/models/{name}/serving: how a model's requests are batched.</summary>
internal static class ServingApi
{
    private const string Description =
        "`maxBatchSize`: images joined into one run; `maxQueueDelayMicroseconds`: how long one may wait for company; `maxQueueSize`: "
        + "images waiting or under way, more are answered 503; "
        + "`defaultTimeoutMicroseconds`: from the queue to the answer, later is 504; `instances`: runs at once, each on all cores; where "
        + "it is nowhere set, on a processor one such run, and as many runs on a core each as soon as there are as many callers. Null: "
        + "as the service's settings (`Serving:…`) say, else what suits the device. ";

    public static void MapServing(this RouteGroupBuilder models)
    {
        models.MapGet("/{name}/serving", GetAsync).WithName("GetServing").WithSummary("How a model's requests are batched")
            .WithDescription(Description).RequireAuthorization(Scopes.Read).ProducesProblems(404);
        models.MapPut("/{name}/serving", PutAsync).WithName("PutServing").WithSummary("Choose how a model's requests are batched")
            .WithDescription(Description + "Holds from the next request; what is under way ends as it began. Kept over a restart.")
            .WithExample("""{ "maxBatchSize": 16, "maxQueueDelayMicroseconds": 2000 }""").Accepts<BatchingSettings>("application/json")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(400, 404, 415);
        models.MapDelete("/{name}/serving", DeleteAsync).WithName("DeleteServing")
            .WithSummary("Batch a model's requests as the service's settings say").RequireAuthorization(Scopes.Admin).ProducesProblems(404);
    }

    private static Task<Results<Ok<ServingResource>, ProblemResult>> GetAsync([AsParameters] ServingServices parts, string name) =>
        parts.VersionsAsync(name).ToResultAsync(_ => TypedResults.Ok(parts.Read(name)));

    private static async Task<Results<Ok<ServingResource>, ProblemResult>> PutAsync(
        HttpContext http, [AsParameters] ServingServices parts, string name)
    {
        var settings = await JsonRequest.ReadAsync<BatchingSettings>(http.Request, http.RequestAborted, Check);
        return await settings.BindAsync(_ => parts.VersionsAsync(name)).ToResultAsync(versions =>
        {
            parts.Settings.Set(name, settings.Value);
            parts.LoadAnew(name, versions);
            return TypedResults.Ok(parts.Read(name));
        });
    }

    private static Task<Results<NoContent, ProblemResult>> DeleteAsync([AsParameters] ServingServices parts, string name) =>
        parts.VersionsAsync(name).ToResultAsync(versions =>
        {
            parts.Settings.Remove(name);
            parts.LoadAnew(name, versions);
            return TypedResults.NoContent();
        });

    private static void Check(BatchingSettings settings, ValidationErrors errors)
    {
        foreach (var (field, rule) in BatchingPlan.BrokenRules(settings))
        {
            errors.Add(JsonNamingPolicy.CamelCase.ConvertName(field), rule);
        }
    }
}

/// <summary>How a model's requests are batched.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Device">Where it is run: cpu or cuda.</param>
/// <param name="Own">What was chosen for this model by a call.</param>
/// <param name="Effective">What holds.</param>
internal sealed record ServingResource(string Model, string Device, BatchingSettings Own, BatchingSettings Effective);

/// <summary>What the calls about serving need.</summary>
internal sealed record ServingServices(
    ModelStore Models, BatchingSettingsFiles Settings, BatchingPlans Plans, IClassifier Classifier, DataFolders Folders)
{
    public async Task<Outcome<IReadOnlyList<int>>> VersionsAsync(string name)
    {
        var rows = await Models.VersionsAsync(name);
        return rows.Count == 0 ? Problem.NotFound("model.not-found", $"There is no model '{name}'.") : rows.ConvertAll(row => row.Version);
    }

    /// <summary>Lets go of what was loaded with other settings; the next request loads it.</summary>
    public void LoadAnew(string name, IReadOnlyList<int> versions)
    {
        foreach (var version in versions)
        {
            Classifier.Unload(Folders.ModelVersion(name, version));
        }
    }

    public ServingResource Read(string name)
    {
        var (plan, device) = Plans.Of(name);
        var effective = new BatchingSettings
        {
            MaxBatchSize = plan.MaxBatchSize,
            MaxQueueDelayMicroseconds = (long)plan.MaxQueueDelay.TotalMicroseconds,
            MaxQueueSize = plan.MaxQueueSize,
            DefaultTimeoutMicroseconds = (long)plan.DefaultTimeout.TotalMicroseconds,
            Instances = plan.Instances,
        };
        return new(name, device, Settings.Of(name) ?? new BatchingSettings(), effective);
    }
}
