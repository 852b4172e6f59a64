using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Persistence;

/// <summary>A worker in a test's hands, with its claim on a run.</summary>
internal sealed class RunWorker
{
    private readonly LeaseStore<RunRow> _leases;
    private readonly RunProgressStore _progress;

    private RunWorker(IServiceProvider services, Claim<RunRow> claim)
    {
        (_leases, _progress) = (services.GetRequiredService<LeaseStore<RunRow>>(), services.GetRequiredService<RunProgressStore>());
        Claim = claim;
    }

    public Claim<RunRow> Claim { get; }

    public string Id => Claim.Id;

    /// <summary>Null where the run is not to be had.</summary>
    public static async Task<RunWorker?> ClaimAsync(IServiceProvider services, string id, string owner, TimeSpan lease) =>
        await services.GetRequiredService<LeaseStore<RunRow>>().ClaimAsync(id, owner, lease, CancellationToken.None) is { } claim
            ? new(services, claim)
            : null;

    public Task<bool> RenewAsync() => _leases.RenewAsync(Claim, CancellationToken.None);

    public Task<LeaseStanding> GetStandingAsync() => _leases.GetStandingAsync(Claim, CancellationToken.None);

    public Task<bool> StartedAsync(string device, Precision precision) =>
        _progress.StartedAsync(Claim, device, precision, CancellationToken.None);

    public Task<bool> ProgressAsync(StepProgress progress) => _progress.StepAsync(Claim, progress, CancellationToken.None);

    public Task<bool> PartAsync(PartProgress progress) => _progress.PartAsync(Claim, progress, CancellationToken.None);

    public Task<bool> EpochAsync(EpochMetrics metrics) => _progress.EpochAsync(Claim, metrics, CancellationToken.None);

    public Task<bool> CheckpointAsync() => _progress.CheckpointAsync(Claim, CancellationToken.None);

    public Task<bool> LogAsync(string message) => _progress.LogAsync(Claim, message, CancellationToken.None);

    public Task<bool> RequeueAsync(bool blameless) => _leases.ReleaseAsync(Claim, blameless, TimeSpan.Zero, CancellationToken.None);

    public Task<bool> SucceedAsync(int version) => _leases.SucceedAsync(
        Claim, context => RunStore.CompleteAsync(context, Id, version, null, CancellationToken.None), CancellationToken.None);

    public Task<bool> FailAsync(Problem problem) => _leases.FailAsync(Claim, problem, CancellationToken.None);

    public Task<bool> CancelledAsync() => _leases.CancelledAsync(Claim, CancellationToken.None);
}
