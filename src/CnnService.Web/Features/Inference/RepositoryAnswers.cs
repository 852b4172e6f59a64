using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Inference;

/// <summary>What the calls on the model repository do and answer, over HTTP and gRPC alike.</summary>
internal static class RepositoryAnswers
{
    private const int MaxModels = 1000;

    private static readonly object Done = new();

    /// <summary>All versions, with whether their files are intact.</summary>
    public static async Task<IReadOnlyList<(string Name, int Version, Outcome<LoadedModel> Loaded)>> VersionsAsync(
        InferenceServices services, CancellationToken cancel)
    {
        var all = new List<(string, int, Outcome<LoadedModel>)>();
        foreach (var name in await services.Models.NamesAsync(MaxModels, null, cancel))
        {
            foreach (var row in await services.Models.VersionsAsync(name, cancel))
            {
                all.Add((name, row.Version, await services.Registry.ResolveAsync(name, row.Version)));
            }
        }

        return all;
    }

    /// <summary>All versions and whether they can be run.</summary>
    /// <param name="services">The services needed for inference.</param>
    /// <param name="readyOnly">Whether to leave out those that cannot.</param>
    /// <param name="cancel">Ends the look-up.</param>
    public static async Task<IReadOnlyList<object>> IndexAsync(InferenceServices services, bool readyOnly, CancellationToken cancel)
    {
        var index = (await VersionsAsync(services, cancel)).Select(one =>
        {
            var reason = one.Loaded.Problem?.Detail ?? (services.Unloaded.Contains(one.Name) ? "unloaded" : string.Empty);
            return new
            {
                name = one.Name,
                version = one.Version.ToString(CultureInfo.InvariantCulture),
                state = reason.Length == 0 ? "READY" : "UNAVAILABLE",
                reason
            };
        });
        return [.. index.Where(one => !readyOnly || one.reason.Length == 0)];
    }

    /// <summary>
    /// Loads a model's newest version. Problems: those of the registry and of the run, and <c>inference.unsupported</c>.
    /// </summary>
    /// <param name="services">The services needed for inference.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="hasOverrides">Whether the request brings a configuration or files.</param>
    /// <param name="cancel">Ends the load.</param>
    public static async Task<Outcome<object>> LoadAsync(
        InferenceServices services, string model, bool hasOverrides, CancellationToken cancel)
    {
        if (hasOverrides)
        {
            return Problem.Invalid(InferenceErrors.Unsupported,
                "load with a configuration or files is not supported: models come by POST /models and by training");
        }

        var found = await services.ResolveAsync(model, null).CheckAsync(
            async loaded => (await services.Runner.DescribeAsync(loaded, cancel)).Problem);
        return found.Map(loaded =>
        {
            services.Unloaded.Remove(loaded.Name);
            return Done;
        });
    }

    /// <summary>Unloads all versions of a model, which is not ready until it is loaded again. Problems: those of the registry.</summary>
    public static async Task<Outcome<object>> UnloadAsync(InferenceServices services, string model, CancellationToken cancel) =>
        await (await services.ResolveAsync(model, null)).MapAsync(found => UnloadVersionsAsync(services, found.Name, cancel));

    private static async Task<object> UnloadVersionsAsync(InferenceServices services, string name, CancellationToken cancel)
    {
        services.Unloaded.Add(name);
        foreach (var row in await services.Models.VersionsAsync(name, cancel))
        {
            var version = await services.Registry.ResolveAsync(name, row.Version);
            if (version.Succeeded)
            {
                services.Runner.Unload(version.Value);
            }
        }

        return Done;
    }
}
