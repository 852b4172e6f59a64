using CnnService.Client;

namespace CnnService.Studio.Parts.Models;

/// <summary>A network that can be looked at: a version of a model, or one that comes with the service.</summary>
/// <param name="Name"><c>name:version</c>, or the name of a network that comes with the service.</param>
/// <param name="Version">What the service tells of the version; null for one that comes with the service.</param>
/// <param name="Start">What the service tells of one that comes with it; else null.</param>
public sealed record ModelChoice(string Name, ModelVersionResource? Version, StartResource? Start)
{
    /// <summary>The data set it was trained on; null for networks of others.</summary>
    public string? Dataset => Version?.Origin?.Dataset;

    /// <summary>What a list shows beside the name.</summary>
    public string Remark => Start is not null ? "comes with the service"
        : Version!.Origin is { } origin ? $"trained on {origin.Dataset}"
        : "imported";

    /// <summary>All there are, the newest first; those that come with the service last.</summary>
    public static async Task<IReadOnlyList<ModelChoice>> ListAsync(CnnServiceClient client, bool withStarts, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(client);
        var versions = new List<ModelVersionResource>();
        string? after = null;
        do
        {
            var page = await client.ListModelsAsync(limit: 200, after: after, cancellationToken: cancel);
            versions.AddRange(page.Items.SelectMany(model => model.Versions));
            after = page.Next;
        }
        while (after is not null);

        var starts = withStarts ? (await client.ListStartsAsync(cancel)).Items : [];
        return
        [
            .. versions.OrderByDescending(version => version.CreatedAt)
                .Select(version => new ModelChoice($"{version.Model}:{version.Version}", version, null)),
            .. starts.Select(start => new ModelChoice(start.Name, null, start)),
        ];
    }

    /// <summary>The one that an address names: <c>name:version</c>, or a name for its newest version; without one the first.</summary>
    public static ModelChoice? Find(IReadOnlyList<ModelChoice> all, string? name)
    {
        ArgumentNullException.ThrowIfNull(all);
        return name is null ? (all.Count > 0 ? all[0] : null)
            : all.FirstOrDefault(one => one.Name == name) ?? all.FirstOrDefault(one => one.Version?.Model == name);
    }
}
