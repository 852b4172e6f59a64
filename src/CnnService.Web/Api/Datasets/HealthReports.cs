using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Interpretation.Labels;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Api.Datasets;

/// <summary>
/// Health reports, made once for each content of a data set and kept with the images that are costly to draw. Thread safe.
/// </summary>
internal sealed class HealthReports(HealthScan scan, LabelCheckPipeline labels, IImageCache cache, DataFolders folders)
{
    /// <summary>Incremented when the same images give another report.</summary>
    private const string Revision = "health-1";

    /// <summary>Identifies a report; hex.</summary>
    /// <param name="manifest">The data set.</param>
    /// <param name="judge">The check of its labels; null where they are not judged.</param>
    public static string Key(DatasetManifest manifest, LabelCheckPlan? judge) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Revision}|{manifest.Name}|{manifest.Digest}|{judge?.Key}")));

    /// <summary>The report if it has been made, else null.</summary>
    public DatasetHealth? Find(DatasetManifest manifest, LabelCheckPlan? judge) => Read(Key(manifest, judge));

    /// <summary>The report, made where it is not known. Problems: those of <see cref="LabelCheckPipeline.RunAsync"/>.</summary>
    public async Task<Outcome<DatasetHealth>> GetOrCreateAsync(DatasetManifest manifest, LabelCheckPlan? judge, CancellationToken cancel)
    {
        var plain = Find(manifest, null);
        if (plain is null)
        {
            plain = await scan.RunAsync(folders.Dataset(manifest.Name), manifest, null, cancel);
            Keep(Key(manifest, null), plain);
        }

        if (judge is null)
        {
            return plain;
        }

        return Find(manifest, judge) ?? (await labels.RunAsync(judge, null, cancel)).Map(doubts =>
        {
            var whole = plain with { Labels = doubts };
            Keep(Key(manifest, judge), whole);
            return whole;
        });
    }

    /// <summary>
    /// What spoils a training on a data set, in plain language: of its report where one has been made, else of what its manifest tells.
    /// Null where the data set is gone.
    /// </summary>
    public IReadOnlyList<HealthFinding>? Advise(string dataset) =>
        DatasetFolder.ReadManifest(folders.Dataset(dataset)).Match<IReadOnlyList<HealthFinding>?>(
            manifest => [.. HealthFindings.Missing(manifest) is { } missing ? [missing] : Array.Empty<HealthFinding>(),
                .. HealthFindings.Tell(Find(manifest, null) ?? HealthScan.Glance(manifest))], _ => null);

    /// <summary>What a report told that has been made; empty where none has.</summary>
    public IReadOnlyList<HealthFinding> Known(DatasetManifest manifest) =>
        Find(manifest, null) is { } report ? HealthFindings.Tell(report) : [];

    private DatasetHealth? Read(string key) =>
        cache.TryGet(key, out var bytes) ? JsonSerializer.Deserialize<DatasetHealth>(bytes, CoreJson.Options) : null;

    /// <summary>Files that cannot be read may be back the next time: such a report is not kept.</summary>
    private void Keep(string key, DatasetHealth report)
    {
        if (report.FaultCounts.All(one => one.Fault != ImageFault.Unreadable))
        {
            cache.Put(key, JsonSerializer.SerializeToUtf8Bytes(report, CoreJson.Options));
        }
    }
}
