using System.Text;
using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteRunModelTests() : RunModelTests(null);

public sealed class PostgresRunModelTests(PostgresServer server) : RunModelTests(server);

/// <summary>Random deeds of clients and workers, stale ones among them, against a model of what a run should be.</summary>
public abstract class RunModelTests(PostgresServer? server) : DatabaseTests(server)
{
    private const int Runs = 40;
    private const int Deeds = 30;

    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    [Fact]
    public async Task AnyDeeds_OnARun_KeepToTheModel()
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            await PlayAsync(Host, seed);
        }
    }

#pragma warning disable CA5394 // Deeds are to be the same in every test run, not unguessable.
    private static async Task PlayAsync(StoreHost host, int seed)
    {
        var random = new Random(seed);
        var model = new Model();
        var claims = new List<RunWorker>();
        var id = (await host.AddRunAsync()).Id;
        var told = new StringBuilder();
        for (var deed = 0; deed < Deeds && model.State is not null; deed++)
        {
            var claim = claims.Count == 0 ? null : claims[Math.Max(0, claims.Count - 1 - random.Next(random.Next(1, 4)))];
            var (name, expected, happened) = claim is null || random.Next(2) == 0
                ? await FromOutsideAsync(host, random, model, id, claims)
                : await AsOwnerAsync(random.Next(8), model, claim);
            told.Append(name).Append(' ');
            Assert.True(expected == happened, $"seed {seed}: {told}: expected {expected}");
            var row = await host.Runs.FindAsync(id);
            Assert.True(model.Fits(row),
                $"seed {seed}: {told}: row {row?.Work.State}/{row?.Work.Fence}/{row?.Work.Tries}/{row?.Work.TriesWithoutProgress}, "
                + $"model {model}");
        }

        var events = await host.Runs.EventsAsync(id, 0, 1000);
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(row => row.Sequence));
        var states = await host.StatesAsync(id);
        Assert.All(states.Zip(states.Skip(1)), pair => Assert.True(MayFollow(pair.First, pair.Second), $"seed {seed}: {pair}"));
        Assert.True(model.State is null || states[^1] == model.State, $"seed {seed}: {told}");
    }

    /// <summary>Running after running is a takeover; queued after running a shutdown or a death; after an end, somebody resumed
    /// it.</summary>
    private static bool MayFollow(WorkState before, WorkState after) => before switch
    {
        WorkState.Queued => after is WorkState.Running or WorkState.Cancelled,
        WorkState.Running => true,
        WorkState.Failed or WorkState.Cancelled => after == WorkState.Queued,
        _ => false,
    };

    private static async Task<(string Name, bool Expected, bool Happened)> FromOutsideAsync(
        StoreHost host, Random random, Model model, string id, List<RunWorker> claims)
    {
        switch (random.Next(8))
        {
            case 0:
                return ("cancel", model.Cancel(), (await host.Runs.CancelAsync(id)).Succeeded);
            case 1:
                return ("resume", model.Resume(), (await host.Runs.ResumeAsync(id)).Succeeded);
            case 2 when random.Next(4) == 0:
                return ("delete", model.Delete(), (await host.Runs.DeleteAsync(id)).Succeeded);
            case 3:
                await host.RunLeases.RecoverAsync(CancellationToken.None);
                model.Leased = false;
                return ("expire", true, true);
            default:
                var claim = await RunWorker.ClaimAsync(host.Services, id, $"owner{random.Next(2)}", Lease);
                claims.AddRange(claim is null ? [] : [claim]);
                return ("claim", model.Claim(), claim is not null);
        }
    }

    private static async Task<(string Name, bool Expected, bool Happened)> AsOwnerAsync(int deed, Model model, RunWorker claim)
    {
        var mine = model.State == WorkState.Running && claim.Claim.Fence == model.Attempt;
        return deed switch
        {
            0 => ("succeed", mine && model.End(WorkState.Succeeded), await claim.SucceedAsync(1)),
            1 => ("fail", mine && model.End(WorkState.Failed), await claim.FailAsync(Problem.Invalid("a.b", "c"))),
            2 => ("cancelled", mine && model.End(WorkState.Cancelled), await claim.CancelledAsync()),
            3 => ("shutdown", mine && model.Requeue(blameless: true), await claim.RequeueAsync(blameless: true)),
            4 => ("die", mine && model.Requeue(blameless: false), await claim.RequeueAsync(blameless: false)),
            5 => ("checkpoint", mine && model.Checkpoint(), await claim.CheckpointAsync()),
            6 => ("renew", mine && model.Renew(), await claim.RenewAsync()),
            _ => ("log", mine, await claim.LogAsync("x")),
        };
    }
#pragma warning restore CA5394

    /// <summary>What a run should be. Each deed answers whether it is allowed, and then does it.</summary>
    private sealed class Model
    {
        public WorkState? State { get; private set; } = WorkState.Queued;

        public int Attempt { get; private set; }

        public bool Leased { get; set; }

        private int Tries { get; set; }

        private int Barren { get; set; }

        private bool Asked { get; set; }

        public bool Claim()
        {
            if (State != WorkState.Queued && (State != WorkState.Running || Leased))
            {
                return false;
            }

            (State, Leased, Attempt, Tries, Barren) = (WorkState.Running, true, Attempt + 1, Tries + 1, Barren + 1);
            return true;
        }

        public bool Cancel()
        {
            Asked |= State == WorkState.Running;
            State = State == WorkState.Queued ? WorkState.Cancelled : State;
            return State is WorkState.Cancelled or WorkState.Running;
        }

        public bool Resume()
        {
            if (State is not (WorkState.Failed or WorkState.Cancelled))
            {
                return false;
            }

            (State, Tries, Barren, Asked) = (WorkState.Queued, 0, 0, false);
            return true;
        }

        public bool Delete()
        {
            var allowed = State?.IsFinal() == true;
            State = allowed ? null : State;
            return allowed;
        }

        public bool End(WorkState state)
        {
            State = state;
            return true;
        }

        public bool Requeue(bool blameless)
        {
            (State, Leased) = (WorkState.Queued, false);
            (Barren, Tries) = blameless ? (Math.Max(0, Barren - 1), Tries - 1) : (Barren, Tries);
            return true;
        }

        public bool Checkpoint()
        {
            Barren = 0;
            return true;
        }

        public bool Renew() => Leased = true;

        public bool Fits(RunRow? row) => State is null
            ? row is null
            : row is not null
                && (row.Work.State, row.Work.Fence, row.Work.Tries, row.Work.TriesWithoutProgress, row.Work.CancelRequested)
                    == (State, Attempt, Tries, Barren, Asked);

        public override string ToString() => $"{State}/{Attempt}/{Tries}/{Barren}";
    }
}
