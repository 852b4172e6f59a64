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

    /// <summary>Runs that do not end, of which a service can bear fewer.</summary>
    private const int MaxLeftBehind = 3;

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
            Folder(folders),
            Disk(folders),
            .. roles.IsWorker ? [Torch(torch)] : Array.Empty<ReadinessCheck>(),
            .. roles.IsApi ? [Serving(serving, runs)] : Array.Empty<ReadinessCheck>(),
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

    private static ReadinessCheck Folder(DataFolders folders)
    {
        var path = Path.Combine(folders.Uploads, $"{Guid.NewGuid():N}{DurableFile.TemporaryMark}ready");
        try
        {
            File.WriteAllBytes(path, [1]);
            File.Delete(path);
            return new("dataDirectory", true, null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new("dataDirectory", false, $"A file cannot be written ({failure.GetType().Name}).");
        }
    }

    private static ReadinessCheck Disk(DataFolders folders) => folders.FreeBytes > DiskSpaceCheck.Reserve
        ? new("disk", true, null)
        : new("disk", false, $"{folders.FreeBytes >> 20} MB are free; new work is refused below {DiskSpaceCheck.Reserve >> 20} MB.");

    private static ReadinessCheck Serving(IServingDevice serving, IServingRuns runs)
    {
        if (runs.LeftBehind >= MaxLeftBehind)
        {
            return new("serving", false, $"{runs.LeftBehind} runs of models did not end; a restart of the service frees what they hold.");
        }

        return serving.Device.Match(
            device => new ReadinessCheck(
                "serving", true, $"models run on {device}{(serving.Note is { } note ? $"; {note}" : string.Empty)}"),
            problem => new ReadinessCheck("serving", false, problem.Detail));
    }

    private static ReadinessCheck Torch(ITorchRuntime torch) => torch.Status.Match(
        info => new ReadinessCheck("torch", true,
            $"libtorch {info.Version} on {info.DescribeDevices()}{(info.Patched ? "; binding loaded from a copy for an older "
                + "C++ library" : string.Empty)}"),
        problem => new ReadinessCheck("torch", false, problem.Detail));

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

/// <param name="Name">database, dataDirectory, disk, torch, serving, gpu or models.</param>
/// <param name="Ok">Whether the check passed.</param>
/// <param name="Detail">What is wrong, or what was found.</param>
internal sealed record ReadinessCheck(string Name, bool Ok, string? Detail);
