using System.Collections.Concurrent;
using System.Text.Json;

namespace CnnService.Benchmarks.Mixed;

/// <summary>All that the service said it would do, to be looked for at the end. Thread safe.</summary>
internal sealed class Acknowledged
{
    private const string Succeeded = "succeeded";

    private readonly ConcurrentBag<string> _runs = [];
    private readonly ConcurrentBag<string> _paths = [];

    /// <summary>A run of the model <see cref="MixedUses.Model"/>.</summary>
    public void AddRun(string id) => _runs.Add(id);

    /// <summary>Other work, by its path.</summary>
    public void Add(string path) => _paths.Add(path);

    /// <summary>
    /// What is not as it was said: runs that are missing, were never asked for or have not succeeded, a version that a run has not or has
    /// twice, other work that has not succeeded, data sets that were deleted or never asked for.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindLostAsync(Workbench bench)
    {
        var lost = new List<string>();
        var runs = (await AllAsync(bench, "runs")).Where(run => run.GetProperty("model").GetString() == MixedUses.Model)
            .ToDictionary(run => run.GetProperty("id").GetString()!);
        lost.AddRange(_runs.Except(runs.Keys).Select(id => $"run {id} is missing"));
        lost.AddRange(runs.Keys.Except(_runs).Select(id => $"run {id} was never answered"));
        lost.AddRange(runs.Where(run => run.Value.GetProperty("state").GetString() != Succeeded)
            .Select(run => $"run {run.Key} is {run.Value.GetProperty("state").GetString()}"));
        lost.AddRange(await VersionsAsync(bench, runs));
        foreach (var path in _paths)
        {
            var state = (await bench.GetAsync(path)).GetProperty("state").GetString();
            lost.AddRange(state == Succeeded ? [] : [$"{path} is {state}"]);
        }

        var datasets = (await AllAsync(bench, "datasets")).Select(one => one.GetProperty("name").GetString()!);
        lost.AddRange(datasets.Except(["data", MixedUses.Dataset]).Select(name => $"data set {name} is still there"));
        return lost;
    }

    private static async Task<IEnumerable<string>> VersionsAsync(Workbench bench, Dictionary<string, JsonElement> runs)
    {
        var versions = (await bench.GetAsync($"models/{MixedUses.Model}")).GetProperty("versions").EnumerateArray()
            .Select(one => one.GetProperty("version").GetInt32()).ToArray();
        var told = runs.Values.Where(run => run.GetProperty("version").ValueKind == JsonValueKind.Number)
            .Select(run => run.GetProperty("version").GetInt32()).ToArray();
        return versions.Except(told).Select(version => $"version {version} is of no run")
            .Concat(told.Except(versions).Select(version => $"version {version} is missing"))
            .Concat(told.GroupBy(version => version).Where(same => same.Count() > 1).Select(same => $"version {same.Key} is of two runs"));
    }

    private static async Task<List<JsonElement>> AllAsync(Workbench bench, string collection)
    {
        var all = new List<JsonElement>();
        for (string? after = null; ;)
        {
            var from = after is null ? string.Empty : $"&after={Uri.EscapeDataString(after)}";
            var page = await bench.GetAsync($"{collection}?limit=200{from}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            if (page.GetProperty("next").GetString() is not { } next)
            {
                return all;
            }

            after = next;
        }
    }
}
