using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores the progress of a claimed run. Each method returns false, without any change, if the claim is lost.</summary>
internal sealed class RunProgressStore(Store store, LeaseStore<RunRow> leases)
{
    /// <summary>Stores the device and precision of the training.</summary>
    public Task<bool> StartedAsync(Claim<RunRow> claim, string device, Precision precision, CancellationToken cancel) => leases.WriteAsync(
        claim, set => set.SetProperty(row => row.Device, device).SetProperty(row => row.Precision, precision.ToString()), cancel);

    /// <param name="claim">The worker's claim.</param>
    /// <param name="progress">Progress of the current epoch.</param>
    /// <param name="cancel">Cancels the write.</param>
    public Task<bool> StepAsync(Claim<RunRow> claim, StepProgress progress, CancellationToken cancel) =>
        leases.WriteAsync(
        claim,
        set => set
            .SetProperty(row => row.Epoch, progress.Epoch)
            .SetProperty(row => row.Step, progress.Step)
            .SetProperty(row => row.Steps, progress.Steps)
            .SetProperty(row => row.ImagesPerSecond, Finite.OrNull(progress.ImagesPerSecond) ?? 0),
        cancel);

    /// <summary>Stores what the run is at, and the time left of the whole run. A part that begins adds an event.</summary>
    public Task<bool> PartAsync(Claim<RunRow> claim, PartProgress progress, CancellationToken cancel)
    {
        void Set(Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<RunRow> set)
        {
            set.SetProperty(row => row.Part, progress.Part.ToString())
                .SetProperty(row => row.PartShare, progress.Share)
                .SetProperty(row => row.Fraction, progress.Fraction)
                .SetProperty(row => row.EtaSeconds, Finite.OrNull(progress.SecondsLeft));
            if (progress.Epochs is { } epochs)
            {
                set.SetProperty(row => row.Epochs, epochs);
            }

            if (progress.ImagesPerSecond > 0)
            {
                set.SetProperty(row => row.ImagesPerSecond, progress.ImagesPerSecond);
            }
        }

        return progress.Share > 0 ? leases.WriteAsync(claim, Set, cancel) : leases.WriteAsync(
            claim, Set, context => RunEvents.AppendAsync(context, claim.Id, RunEvents.PartKind, JsonSerializer.Serialize(
                new { progress.Part, EtaSeconds = Finite.OrNull(progress.SecondsLeft) }, CoreJson.Options), cancel), cancel);
    }

    /// <summary>Stores an epoch's metrics and completes its steps. An epoch reported again replaces its row and adds no event.</summary>
    public Task<bool> EpochAsync(Claim<RunRow> claim, EpochMetrics metrics, CancellationToken cancel) => leases.WriteAsync(
        claim,
        set => set.SetProperty(row => row.Epoch, metrics.Epoch).SetProperty(row => row.Step, row => row.Steps),
        async context =>
        {
            var row = await context.Epochs.FirstOrDefaultAsync(epoch => epoch.RunId == claim.Id && epoch.Epoch == metrics.Epoch, cancel);
            var isNew = row is null;
            if (row is null)
            {
                context.Epochs.Add(row = new EpochRow { RunId = claim.Id, Epoch = metrics.Epoch });
            }

            row.Take(metrics);
            await context.SaveChangesAsync(cancel);
            if (isNew)
            {
                await RunEvents.AppendAsync(context, claim.Id, RunEvents.EpochKind, JsonSerializer.Serialize(metrics, CoreJson.Options),
                    cancel);
            }
        },
        cancel);

    /// <summary>Those of the epochs whose metrics are not stored yet.</summary>
    public Task<IReadOnlyList<EpochMetrics>> UnwrittenAsync(string run, IReadOnlyList<EpochMetrics> history, CancellationToken cancel) =>
        store.UseAsync(async context =>
        {
            var written = await context.Epochs.Where(row => row.RunId == run).Select(row => row.Epoch).ToHashSetAsync(cancel);
            return (IReadOnlyList<EpochMetrics>)[.. history.Where(metrics => !written.Contains(metrics.Epoch))];
        });

    /// <summary>Records a new checkpoint, which counts as progress of the attempt.</summary>
    public Task<bool> CheckpointAsync(Claim<RunRow> claim, CancellationToken cancel) =>
        leases.WriteAsync(claim, set => set.SetProperty(row => row.Work.TriesWithoutProgress, 0), cancel);

    /// <summary>Names what the run left in the store of artifacts so far.</summary>
    public Task<bool> FilesAsync(Claim<RunRow> claim, string files, CancellationToken cancel) =>
        leases.WriteAsync(claim, set => set.SetProperty(row => row.Files, files), cancel);

    /// <summary>Adds a message to the run's log.</summary>
    public Task<bool> LogAsync(Claim<RunRow> claim, string message, CancellationToken cancel) => leases.WriteAsync(
        claim,
        set => set.SetProperty(row => row.Work.Fence, claim.Fence), // Changes nothing but locks the row.
        context => RunEvents.AppendAsync(
            context, claim.Id, RunEvents.LogKind, JsonSerializer.Serialize(new { message }, CoreJson.Options), cancel),
        cancel);
}
