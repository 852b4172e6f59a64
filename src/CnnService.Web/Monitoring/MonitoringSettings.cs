using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Monitoring;

/// <summary>
/// Shadow and capture settings of models, reloaded from the database periodically so that a request costs no query. Thread safe.
/// </summary>
internal sealed class MonitoringSettings(ShadowStore shadows, CaptureStore captures, ModelRegistry registry)
{
    private volatile Snapshot _now = new(new Dictionary<string, Shadow>(), new Dictionary<string, CaptureRow>());

    public Shadow? ShadowOf(string model) => _now.Shadows.GetValueOrDefault(model);

    public CaptureRow? CaptureOf(string model) => _now.Captures.GetValueOrDefault(model);

    public async Task RefreshAsync()
    {
        var found = new Dictionary<string, Shadow>(StringComparer.Ordinal);
        foreach (var row in await shadows.AllAsync())
        {
            var candidate = await registry.ResolveAsync(Reference(row));
            var known = _now.Shadows.GetValueOrDefault(row.Model);
            found[row.Model] = new(row, candidate.Succeeded ? candidate.Value : null,
                known?.Row.Since == row.Since ? known.Sampler : new Sampler(row.Share));
        }

        _now = new(found, (await captures.AllAsync()).ToDictionary(row => row.Model, StringComparer.Ordinal));
    }

    /// <summary>Reference of the candidate: <c>model@alias</c> or <c>model:version</c>.</summary>
    public static string Reference(ShadowRow shadow) =>
        shadow.Alias is { } alias ? $"{shadow.Model}@{alias}" : $"{shadow.Model}:{shadow.Version}";

    /// <param name="Row">The stored settings.</param>
    /// <param name="Candidate">The version; null if it does not exist.</param>
    /// <param name="Sampler">Selects the share of images.</param>
    internal sealed record Shadow(ShadowRow Row, LoadedModel? Candidate, Sampler Sampler);

    private sealed record Snapshot(IReadOnlyDictionary<string, Shadow> Shadows, IReadOnlyDictionary<string, CaptureRow> Captures);
}
