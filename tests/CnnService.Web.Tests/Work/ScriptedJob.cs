using CnnService.Core.Common;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Tests.Work;

/// <summary>What a scripted attempt sees, the same for every kind of work.</summary>
/// <param name="Fence">Its fencing number.</param>
/// <param name="Lost">See <see cref="Attempt{T}"/>.</param>
/// <param name="Stop">See <see cref="Attempt{T}"/>.</param>
internal sealed record ScriptedAttempt(int Fence, CancellationToken Lost, CancellationToken Stop);

/// <summary>The runner of one kind of work, whose attempts a test plays.</summary>
internal abstract class ScriptedJob
{
    public const int MaxTries = 3;

    public static ScriptedJob Of(Kind kind, StoreHost host, WorkerAbility? worker = null)
    {
        var ability = worker ?? SomeAbility.Of(host.Folders);
        return kind switch
        {
            Kind.Training => new ScriptedJob<RunRow>(host, ability),
            Kind.Import => new ScriptedJob<DatasetRow>(host, ability),
            Kind.Comparison => new ScriptedJob<ComparisonRow>(host, ability),
            _ => new ScriptedJob<ClassifyJobRow>(host, ability),
        };
    }

    /// <summary>An attempt.</summary>
    public Func<ScriptedAttempt, Task<AttemptResult>> Does { get; set; } = _ => throw new InvalidOperationException("not expected");

    /// <summary>Ids enqueued, in their order.</summary>
    public RecordingJobs Jobs { get; } = new();

    /// <summary>How work ended that was tidied up after; null where its row was gone.</summary>
    public List<WorkState?> Tidied { get; } = [];

    public abstract Task RunAsync(string id, CancellationToken shutdown);

    public abstract Task EnqueueWaitingAsync();
}

/// <inheritdoc cref="ScriptedJob"/>
internal sealed class ScriptedJob<T> : ScriptedJob
    where T : LeasedRow
{
    private readonly LeasedJobRunner<Script, T> _runner;

    public ScriptedJob(StoreHost host, WorkerAbility ability) => _runner = new(
        new Script(this),
        host.Services.GetRequiredService<LeaseStore<T>>(),
        new WorkQueue(Jobs, NullLogger<WorkQueue>.Instance),
        ability,
        ServiceLock.NotNeeded,
        Options.Create(new WorkOptions()),
        host.Clock,
        NullLogger<Script>.Instance);

    public override Task RunAsync(string id, CancellationToken shutdown) => _runner.RunAsync(id, shutdown);

    public override Task EnqueueWaitingAsync() => _runner.EnqueueWaitingAsync(CancellationToken.None);

    private sealed class Script(ScriptedJob job) : IWorkKind<T>
    {
        public static string Queue => "scripted";

        public static string IdName => "ScriptId";

        public static bool Trains => typeof(T) == typeof(RunRow);

        public int MaxTries => ScriptedJob.MaxTries;

        public int MaxTriesWithoutProgress => int.MaxValue;

        public Problem CrashLoop(CrashedAttempts crashed) =>
            new(ProblemKind.Internal, "work.crash-loop", $"It died {crashed.Total} times.{crashed.Told}");

        public Task<AttemptResult> ExecuteAsync(Attempt<T> attempt) => job.Does(new(attempt.Fence, attempt.Lost, attempt.Stop));

        public Task CleanUpAsync(string id, WorkState? ended, CancellationToken cancel)
        {
            job.Tidied.Add(ended);
            return Task.CompletedTask;
        }
    }
}
