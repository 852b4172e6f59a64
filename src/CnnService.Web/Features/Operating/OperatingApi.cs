using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Engines;
using CnnService.Web.Artifacts;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Operating;

/// <summary>/health and the page at /.</summary>
internal static class OperatingApi
{
    /// <summary>Corrupt versions named in an answer; a disk that fails may have damaged all.</summary>
    private const int MaxNamed = 10;

    public static void MapOperating(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operating").AllowAnonymous().DisableRateLimiting();
        health.MapGet("/live", () => TypedResults.Ok(new Liveness("live"))).WithName("Live").WithSummary("Whether the process responds");
        health.MapGet("/ready", ReadyAsync).WithName("Ready").WithSummary("Whether the service is ready, with the result of each check")
            .ProducesProblems(503);
        routes.MapStudio();
    }

    private static async Task<Results<Ok<Readiness>, ProblemResult>> ReadyAsync(
        [AsParameters] ReadinessServices services, IHostApplicationLifetime lifetime, CancellationToken cancel)
    {
        var (store, torch, serving, runs, folders, roles, backups, corrupt, division, gpus) = services;
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return NotReady("The service is stopping.", []).ToResult();
        }

        ReadinessCheck[] checks =
        [
            await DatabaseAsync(store, backups, cancel),
            ReadinessChecks.Folder(folders.Uploads),
            ReadinessChecks.Disk(folders.FreeBytes),
            .. roles.IsWorker ? [ReadinessChecks.Torch(torch)] : Array.Empty<ReadinessCheck>(),
            .. roles.IsApi ? [ReadinessChecks.Serving(serving, runs)] : Array.Empty<ReadinessCheck>(),
            .. Gpu(roles, torch, serving, division, gpus),
        ];
        var models = Models(corrupt);
        var faults = checks.Where(check => !check.Ok).Select(check => $"{check.Name}: {check.Detail}").ToArray();
        return faults.Length == 0
            ? TypedResults.Ok(new Readiness(models.Ok ? "ready" : "degraded", [.. checks, models]))
            : NotReady(string.Join(' ', faults), [.. checks, models]).ToResult();
    }

    private static Problem NotReady(string detail, IReadOnlyList<ReadinessCheck> checks) =>
        new(ProblemKind.Unavailable, "service.not-ready", detail)
        {
            RetryAfter = TimeSpan.FromSeconds(1),
            Data = new Dictionary<string, object?> { ["checks"] = checks },
        };

    /// <summary>A model that cannot be served takes nothing from the others: the service stays ready.</summary>
    private static ReadinessCheck Models(CorruptModels corrupt) => corrupt.All is { Count: > 0 } all
        ? new("models", false, string.Join(' ', all.Take(MaxNamed).Select(entry => $"{entry.Model}:{entry.Version}: {entry.Problem.Detail}")
            .Concat(all.Count > MaxNamed ? [$"And {all.Count - MaxNamed} more."] : [])))
        : new("models", true, null);

    private static async Task<ReadinessCheck> DatabaseAsync(Store store, DatabaseBackups backups, CancellationToken cancel)
    {
        try
        {
            await store.ProbeAsync(cancel);
            return new("database", true, backups.NewestTime is { } time ? $"last backed up at {time:yyyy-MM-ddTHH:mm:ssZ}" : null);
        }
        catch (StoreUnavailableException failure)
        {
            return new("database", false, failure.Message);
        }
    }

    /// <summary>How the GPU's memory is divided; nothing where this process uses none.</summary>
    private static ReadinessCheck[] Gpu(
        RoleOptions roles, ITorchRuntime torch, IServingDevice serving, GpuDivision division, IGpuMemory gpus)
    {
        var serves = roles.IsApi && serving.Device.Match(GpuDivision.IsGpu, _ => false);
        var info = roles.IsWorker ? torch.Status.Match<TorchRuntimeInfo?>(found => found, _ => null) : null;
        var trains = info?.Devices.Any(GpuDivision.IsGpu) == true;
        return serves || trains
            ? [new("gpu", true, division.Describe(gpus.TotalBytes(0), isHeld: !trains || info!.CanLimitGpuMemory))]
            : [];
    }
}

/// <summary>Confirms that the process responds.</summary>
internal sealed record Liveness(string Status);

/// <summary>Whether the service is ready, with its checks.</summary>
/// <param name="Status">ready; or degraded, if only a model cannot be served.</param>
/// <param name="Checks">All of them.</param>
internal sealed record Readiness(string Status, IReadOnlyList<ReadinessCheck> Checks);

/// <summary>What readiness is read from.</summary>
internal sealed record ReadinessServices(
    Store Store, ITorchRuntime Torch, IServingDevice Serving, IServingRuns Runs, DataFolders Folders, RoleOptions Roles,
    DatabaseBackups Backups, CorruptModels Corrupt, GpuDivision Division, IGpuMemory Gpus);
