using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models.Quantization;
using CnnService.Onnx.Serving;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Models;

/// <summary>/models/{name}/serving: batching of a model's requests.</summary>
internal static class ServingApi
{
    public static void MapServing(this RouteGroupBuilder models)
    {
        models.MapGet("/{name}/serving", GetAsync).WithName("GetServing").WithSummary("How a model's requests are batched")
            .WithDescription("As `PUT` sets it.").RequireAuthorization(Scopes.Read).ProducesProblems(404);
        models.MapPut("/{name}/serving", PutAsync).WithName("PutServing").WithSummary("Set how a model's requests are batched")
            .WithDescription(
                "Exceeding `defaultTimeoutMicroseconds` gives 504. With `precision` `int8`, "
                + "versions whose quantization was accepted (`int8Versions`) compute with 8-bit integers, the others with float32; "
                + "explanations, feature maps and jobs always use float32. "
                + "Takes effect with the next request, in other processes within 3 s.")
            .WithExample("""{ "maxBatchSize": 16, "maxQueueDelayMicroseconds": 2000 }""").Accepts<BatchingSettings>("application/json")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(400, 404, 409, 415);
        models.MapDelete("/{name}/serving", DeleteAsync).WithName("DeleteServing")
            .WithSummary(
                "Reset batching of a model to the service's configuration").RequireAuthorization(Scopes.Admin).ProducesProblems(404);
    }

    private static Task<Results<Ok<ServingResource>, ProblemResult>> GetAsync(
        [AsParameters] ServingServices services, string name, CancellationToken cancel) =>
        services.VersionsAsync(name, cancel).ToResultAsync(async versions => TypedResults.Ok(await services.ReadAsync(name, versions)));

    private static async Task<Results<Ok<ServingResource>, ProblemResult>> PutAsync(
        HttpContext http, [AsParameters] ServingServices services, string name)
    {
        var settings = await JsonRequest.ReadAsync<BatchingSettings>(http.Request, http.RequestAborted, Check);
        var known = await settings.BindAsync(_ => services.VersionsAsync(name, http.RequestAborted));
        return await known.BindAsync(versions => services.CheckAsync(name, versions, settings.Value)).ToResultAsync(async versions =>
        {
            services.Settings.Set(name, settings.Value);
            services.UnloadVersions(name, versions);
            return TypedResults.Ok(await services.ReadAsync(name, versions));
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
/// <param name="Int8Versions">Versions that can be served as int8.</param>
internal sealed record ServingResource(
    string Model, string Device, BatchingSettings Own, BatchingSettings Effective, IReadOnlyList<int> Int8Versions);

/// <summary>The services needed for serving settings.</summary>
internal sealed record ServingServices(
    ModelStore Models, ModelRegistry Registry, BatchingSettingsFiles Settings, BatchingPlans Plans, IClassifier Classifier,
    DataFolders Folders)
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

    /// <summary>The versions, where the settings can be had. Problem code: <c>quantization.not-accepted</c>.</summary>
    public async Task<Outcome<IReadOnlyList<int>>> CheckAsync(string name, IReadOnlyList<int> versions, BatchingSettings settings) =>
        settings.Precision != ServingPrecision.Int8 || (await QuantizedAsync(name, versions)).Count > 0
            ? Outcome.Success(versions)
            : (await Registry.ResolveAsync(name, versions[^1])).Bind<IReadOnlyList<int>>(newest => QuantizedFiles.NotAccepted(newest));

    public async Task<ServingResource> ReadAsync(string name, IReadOnlyList<int> versions)
    {
        var (plan, device) = Plans.Resolve(name);
        var effective = new BatchingSettings
        {
            MaxBatchSize = plan.MaxBatchSize,
            MaxQueueDelayMicroseconds = (long)plan.MaxQueueDelay.TotalMicroseconds,
            MaxQueueSize = plan.MaxQueueSize,
            DefaultTimeoutMicroseconds = (long)plan.DefaultTimeout.TotalMicroseconds,
            Instances = plan.Instances,
            Precision = plan.Precision,
        };
        return new(name, device, Settings.Find(name) ?? new BatchingSettings(), effective, await QuantizedAsync(name, versions));
    }

    private async Task<IReadOnlyList<int>> QuantizedAsync(string name, IReadOnlyList<int> versions)
    {
        var found = new List<int>();
        foreach (var version in versions)
        {
            var model = await Registry.ResolveAsync(name, version);
            if (model.Match(QuantizedFiles.Find, _ => null) is not null)
            {
                found.Add(version);
            }
        }

        return found;
    }
}
