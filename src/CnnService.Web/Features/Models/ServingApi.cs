using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Serving;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Models;

/// <summary>/models/{name}/serving: batching of a model's requests.</summary>
internal static class ServingApi
{
    private const string Description =
        "`maxBatchSize`: maximum number of images per batch; `maxQueueDelayMicroseconds`: how long an image may wait for others; "
        + "`maxQueueSize`: maximum number of images waiting or running, further ones get 503; `defaultTimeoutMicroseconds`: time limit "
        + "from the queue to the result, exceeding it gives 504; `instances`: concurrent batches, each on all cores; if not set anywhere, "
        + "a CPU runs one such batch or, once there are as many concurrent clients as cores, one batch per core. Null: the value of the "
        + "service's configuration (`Serving:…`), else one suited to the device. ";

    public static void MapServing(this RouteGroupBuilder models)
    {
        models.MapGet("/{name}/serving", GetAsync).WithName("GetServing").WithSummary("How a model's requests are batched")
            .WithDescription("The fields are described at `PUT`.").RequireAuthorization(Scopes.Read).ProducesProblems(404);
        models.MapPut("/{name}/serving", PutAsync).WithName("PutServing").WithSummary("Set how a model's requests are batched")
            .WithDescription(Description +
                "Takes effect with the next request; running requests are not affected. Persists across restarts.")
            .WithExample("""{ "maxBatchSize": 16, "maxQueueDelayMicroseconds": 2000 }""").Accepts<BatchingSettings>("application/json")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(400, 404, 415);
        models.MapDelete("/{name}/serving", DeleteAsync).WithName("DeleteServing")
            .WithSummary(
                "Reset batching of a model to the service's configuration").RequireAuthorization(Scopes.Admin).ProducesProblems(404);
    }

    private static Task<Results<Ok<ServingResource>, ProblemResult>> GetAsync(
        [AsParameters] ServingServices services, string name, CancellationToken cancel) =>
        services.VersionsAsync(name, cancel).ToResultAsync(_ => TypedResults.Ok(services.Read(name)));

    private static async Task<Results<Ok<ServingResource>, ProblemResult>> PutAsync(
        HttpContext http, [AsParameters] ServingServices services, string name)
    {
        var settings = await JsonRequest.ReadAsync<BatchingSettings>(http.Request, http.RequestAborted, Check);
        return await settings.BindAsync(_ => services.VersionsAsync(name, http.RequestAborted)).ToResultAsync(versions =>
        {
            services.Settings.Set(name, settings.Value);
            services.UnloadVersions(name, versions);
            return TypedResults.Ok(services.Read(name));
        });
    }

    private static Task<Results<NoContent, ProblemResult>> DeleteAsync(
        [AsParameters] ServingServices services, string name, CancellationToken cancel) =>
        services.VersionsAsync(name, cancel).ToResultAsync(versions =>
        {
            services.Settings.Remove(name);
            services.UnloadVersions(name, versions);
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
/// <param name="Model">The model's name.</param>
/// <param name="Device">Where it runs: cpu or cuda.</param>
/// <param name="Own">Settings made for this model; null fields are not set.</param>
/// <param name="Effective">Settings in effect.</param>
internal sealed record ServingResource(string Model, string Device, BatchingSettings Own, BatchingSettings Effective);

/// <summary>The services needed for serving settings.</summary>
internal sealed record ServingServices(
    ModelStore Models, BatchingSettingsFiles Settings, BatchingPlans Plans, IClassifier Classifier, DataFolders Folders)
{
    public async Task<Outcome<IReadOnlyList<int>>> VersionsAsync(string name, CancellationToken cancel)
    {
        var rows = await Models.VersionsAsync(name, cancel);
        return rows.Count == 0 ? ModelStore.NotFound(name) : rows.ConvertAll(row => row.Version);
    }

    /// <summary>Unloads versions that were loaded with other settings; the next request loads them again.</summary>
    public void UnloadVersions(string name, IReadOnlyList<int> versions)
    {
        foreach (var version in versions)
        {
            Classifier.Unload(Folders.ModelVersion(name, version));
        }
    }

    public ServingResource Read(string name)
    {
        var (plan, device) = Plans.Resolve(name);
        var effective = new BatchingSettings
        {
            MaxBatchSize = plan.MaxBatchSize,
            MaxQueueDelayMicroseconds = (long)plan.MaxQueueDelay.TotalMicroseconds,
            MaxQueueSize = plan.MaxQueueSize,
            DefaultTimeoutMicroseconds = (long)plan.DefaultTimeout.TotalMicroseconds,
            Instances = plan.Instances,
        };
        return new(name, device, Settings.Find(name) ?? new BatchingSettings(), effective);
    }
}
