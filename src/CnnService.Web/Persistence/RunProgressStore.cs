using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>What a worker writes of the run it has claimed. Every method answers false, and has written nothing, where the claim is
/// lost.</summary>
internal sealed class RunProgressStore(Store store, LeaseStore<RunRow> leases)
{
    /// <summary>Writes where and how the training computes.</summary>
    public Task<bool> StartedAsync(Claim<RunRow> claim, string device, Precision precision, CancellationToken cancel) => leases.WriteAsync(
        claim, set => set.SetProperty(row => row.Device, device).SetProperty(row => row.Precision, precision.ToString()), cancel);

    /// <param name="claim">Of this worker.</param>
    /// <param name="progress">How far the epoch under way is.</param>
    /// <param name="etaSeconds">Left of the whole run; null where unknown.</param>
    /// <param name="cancel">Leaves the row as it is.</param>
    public Task<bool> StepAsync(Claim<RunRow> claim, StepProgress progress, double? etaSeconds, CancellationToken cancel) =>
        leases.WriteAsync(
        claim,
        set => set
            .SetProperty(row => row.Epoch, progress.Epoch)
            .SetProperty(row => row.Step, progress.Step)
            .SetProperty(row => row.Steps, progress.Steps)
            .SetProperty(row => row.ImagesPerSecond, Finite(progress.ImagesPerSecond) ?? 0)
            .SetProperty(row => row.EtaSeconds, etaSeconds),
        cancel);

    /// <summary>Writes an epoch's figures, and that all its steps are done; an epoch told again replaces its row and is no new
    /// event.</summary>
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

            (row.Loss, row.Accuracy) = (Finite(metrics.Loss), Finite(metrics.Accuracy));
            (row.ValidationLoss, row.ValidationAccuracy) = (Finite(metrics.ValidationLoss), Finite(metrics.ValidationAccuracy));
            (row.LearningRate, row.Seconds, row.ImagesPerSecond) = (metrics.LearningRate, metrics.Seconds,
                Finite(metrics.ImagesPerSecond) ?? 0);
            await context.SaveChangesAsync(cancel);
            if (isNew)
            {
                await RunEvents.AppendAsync(context, claim.Id, RunEvents.EpochKind, JsonSerializer.Serialize(metrics, CoreJson.Options),
                    cancel);
            }
        },
        cancel);

    /// <summary>The epochs among these whose figures no attempt has written.</summary>
    public Task<IReadOnlyList<EpochMetrics>> UnwrittenAsync(string run, IReadOnlyList<EpochMetrics> history, CancellationToken cancel) =>
        store.UseAsync(async context =>
        {
            var written = await context.Epochs.Where(row => row.RunId == run).Select(row => row.Epoch).ToHashSetAsync(cancel);
            return (IReadOnlyList<EpochMetrics>)[.. history.Where(metrics => !written.Contains(metrics.Epoch))];
        });

    /// <summary>A new checkpoint: this attempt was not barren.</summary>
    public Task<bool> CheckpointAsync(Claim<RunRow> claim, CancellationToken cancel) =>
        leases.WriteAsync(claim, set => set.SetProperty(row => row.Work.BarrenTries, 0), cancel);

    /// <summary>A sentence for people.</summary>
    public Task<bool> LogAsync(Claim<RunRow> claim, string message, CancellationToken cancel) => leases.WriteAsync(
        claim,
        set => set.SetProperty(row => row.Work.Fence, claim.Fence), // Changes nothing, but locks the row.
        context => RunEvents.AppendAsync(
            context, claim.Id, RunEvents.LogKind, JsonSerializer.Serialize(new { message }, CoreJson.Options), cancel),
        cancel);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
