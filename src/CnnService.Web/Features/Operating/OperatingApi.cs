using CnnService.Core.Training;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Operating;

/// <summary>/health and the page at /.</summary>
internal static class OperatingApi
{
    public static void MapOperating(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operating").AllowAnonymous().DisableRateLimiting();
        health.MapGet("/live", () => TypedResults.Ok(new Liveness("live"))).WithName("Live").WithSummary("The process answers");
        health.MapGet("/ready", ReadyAsync).WithName("Ready").WithSummary("Everything the service needs is there, or what is not")
            .Produces<Readiness>(503);
        routes.MapGet("/", () => TypedResults.File(StartPage.Html, "text/html; charset=utf-8")).WithName("StartPage").WithTags("Operating")
            .WithSummary("A page that shows data sets, runs and models").AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<JsonHttpResult<Readiness>> ReadyAsync(Store store, ITorchRuntime torch, DataFolders folders, RoleOptions roles)
    {
        ReadinessCheck[] checks =
        [
            await DatabaseAsync(store).ConfigureAwait(false),
            Disk(folders),
            .. roles.IsWorker ? [Torch(torch)] : Array.Empty<ReadinessCheck>(),
        ];
        var ready = checks.All(check => check.Ok);
        return TypedResults.Json(new Readiness(ready ? "ready" : "not ready", checks), statusCode: ready ? 200 : 503);
    }

    private static async Task<ReadinessCheck> DatabaseAsync(Store store)
    {
        try
        {
            await store.ProbeAsync().ConfigureAwait(false);
            return new("database", true, null);
        }
        catch (StoreUnavailableException failure)
        {
            return new("database", false, failure.Message);
        }
    }

    private static ReadinessCheck Disk(DataFolders folders) => folders.FreeBytes > DiskRules.Reserve
        ? new("disk", true, null)
        : new("disk", false, $"{folders.FreeBytes >> 20} MB are free where {folders.Root} lies; new work is refused below {DiskRules.Reserve >> 20} MB.");

    private static ReadinessCheck Torch(ITorchRuntime torch) => torch.Status.Match(
        info => new ReadinessCheck("torch", true, $"libtorch {info.Version} on {string.Join(", ", info.Devices)}{(info.Patched ? "; binding loaded from a copy for an older C++ library" : string.Empty)}"),
        problem => new ReadinessCheck("torch", false, problem.Detail));
}

/// <summary>That the process answers.</summary>
internal sealed record Liveness(string Status);

/// <summary>Whether the service can do its work.</summary>
internal sealed record Readiness(string Status, IReadOnlyList<ReadinessCheck> Checks);

/// <param name="Name">database, disk or torch.</param>
/// <param name="Ok">True where it is as it should be.</param>
/// <param name="Detail">What is wrong, or what was found.</param>
internal sealed record ReadinessCheck(string Name, bool Ok, string? Detail);
