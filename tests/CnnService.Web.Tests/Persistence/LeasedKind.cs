using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Persistence;

/// <summary>The kinds of leased work.</summary>
public enum Kind
{
    Training,
    Import,
    Comparison,
    Classification,
}

/// <summary>One kind of leased work in a test's hands, the same for all.</summary>
internal abstract class LeasedKind
{
    public static LeasedKind Of(Kind kind, StoreHost host) => kind switch
    {
        Kind.Training => new LeasedKind<RunRow>(host, async () => (await host.AddRunAsync()).Id),
        Kind.Import => new LeasedKind<DatasetRow>(host, async () =>
        {
            var name = RunId.New(host.Clock);
            var import = new DatasetImport { Name = name, Origin = DatasetOrigin.Sample, Source = "shapes", Folder = "/none" };
            return (await host.Datasets.CreateAsync(import)).Value.Name;
        }),
        Kind.Comparison => new LeasedKind<ComparisonRow>(host, async () => (await host.Comparisons.AddAsync(
            new()
            {
                Id = RunId.New(host.Clock),
                ModelA = "m",
                VersionA = 1,
                ModelB = "m",
                VersionB = 2,
                Dataset = "d",
                Split = Split.Test,
                Total = 10,
            },
            100)).Value.Id),
        _ => new LeasedKind<ClassifyJobRow>(host, async () => (await host.ClassifyJobs.AddAsync(
            new() { Id = RunId.New(host.Clock), Model = "m", Version = 1, Dataset = "d", Digest = "0", Total = 10 }, 100)).Value.Id),
    };

    /// <summary>Queues work of the kind; gives its key.</summary>
    public abstract Task<string> AddAsync();

    /// <summary>Null where it is not to be had.</summary>
    public abstract Task<LeasedHand?> ClaimAsync(string id, string owner, TimeSpan lease);

    public abstract Task<IReadOnlyList<WaitingWork>> ClaimableAsync();

    public abstract Task RecoverAsync();

    public abstract Task CancelAsync(string id);

    public abstract Task<bool> ResumeAsync(string id);

    /// <summary>As the row tells it now.</summary>
    public abstract Task<LeasedWork> WorkAsync(string id);

    /// <summary>Stores that its worker made progress that is kept.</summary>
    public abstract Task ProgressAsync(string id);

    /// <summary>Takes the row away, as a deletion does.</summary>
    public abstract Task DeleteAsync(string id);
}

/// <summary>A claim in a test's hands.</summary>
internal abstract class LeasedHand
{
    public abstract LeasedWork Work { get; }

    public abstract Task<bool> RenewAsync();

    public abstract Task<LeaseStanding> GetStandingAsync();

    public abstract Task<bool> ReleaseAsync(bool blameless, TimeSpan pause = default);

    /// <param name="publish">Within the change.</param>
    public abstract Task<bool> SucceedAsync(Func<Task> publish);

    public abstract Task<bool> FailAsync(Problem problem);

    public abstract Task<bool> CancelledAsync();
}

/// <inheritdoc cref="LeasedKind"/>
internal sealed class LeasedKind<T>(StoreHost host, Func<Task<string>> add) : LeasedKind
    where T : LeasedRow
{
    private LeaseStore<T> Leases => host.Services.GetRequiredService<LeaseStore<T>>();

    public override Task<string> AddAsync() => add();

    public override async Task<LeasedHand?> ClaimAsync(string id, string owner, TimeSpan lease) =>
        await Leases.ClaimAsync(id, owner, lease, CancellationToken.None) is { } claim ? new Hand(Leases, claim) : null;

    public override async Task<IReadOnlyList<WaitingWork>> ClaimableAsync() => await Leases.ClaimableAsync(CancellationToken.None);

    public override Task RecoverAsync() => Leases.RecoverAsync(CancellationToken.None);

    public override Task CancelAsync(string id) => Leases.CancelAsync(id, CancellationToken.None);

    public override Task<bool> ResumeAsync(string id) => Leases.ResumeAsync(id, CancellationToken.None);

    public override async Task<LeasedWork> WorkAsync(string id) =>
        (await host.Store.UseAsync(async context => await context.Set<T>().FindAsync(id)))!.Work;

    public override Task ProgressAsync(string id) => host.Store.UseAsync(async context =>
    {
        (await context.Set<T>().FindAsync(id))!.Work.TriesWithoutProgress = 0;
        await context.SaveChangesAsync();
    });

    public override Task DeleteAsync(string id) => host.Store.UseAsync(async context =>
    {
        context.Remove((await context.Set<T>().FindAsync(id))!);
        await context.SaveChangesAsync();
    });

    private sealed class Hand(LeaseStore<T> leases, Claim<T> claim) : LeasedHand
    {
        public override LeasedWork Work => claim.Row.Work;

        public override Task<bool> RenewAsync() => leases.RenewAsync(claim, CancellationToken.None);

        public override Task<LeaseStanding> GetStandingAsync() => leases.GetStandingAsync(claim, CancellationToken.None);

        public override Task<bool> ReleaseAsync(bool blameless, TimeSpan pause) =>
            leases.ReleaseAsync(claim, blameless, pause, CancellationToken.None);

        public override Task<bool> SucceedAsync(Func<Task> publish) => leases.SucceedAsync(claim, _ => publish(), CancellationToken.None);

        public override Task<bool> FailAsync(Problem problem) => leases.FailAsync(claim, problem, CancellationToken.None);

        public override Task<bool> CancelledAsync() => leases.CancelledAsync(claim, CancellationToken.None);
    }
}
