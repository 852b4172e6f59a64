using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Engines;

namespace CnnService.Web.Work;

/// <summary>
/// The training process: the service's own executable under the verb <see cref="Verb"/>. Takes the run's folder, tells its
/// progress on standard output, stops when told so on standard input, and ends at once when that closes: its parent is gone. It trains only
/// while it knows that the run's lease holds; else it waits, with all in memory, for the next heartbeat.
/// </summary>
internal static class TrainingChild
{
    public const string Verb = "train-run";

    private const int Orphaned = 3;
    private const int Overtaken = 4;
    private const int Lapsed = 5;

    public static async Task<int> RunAsync(string folder)
    {
        Yield();
        using var cancel = new CancellationTokenSource();
        using var gate = new LeaseGate(TimeProvider.System);
        new Thread(() => Listen(cancel, gate)) { IsBackground = true, Name = "parent" }.Start();
        // A terminal's Ctrl+C goes to the whole group; the parent decides what becomes of the run and says so.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            Stop(cancel, gate);
        });
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        void Tell(ChildMessage message)
        {
            lock (output)
            {
                output.WriteLine(message.ToLine());
            }
        }

        await using var services = Services();
        var plan = JsonSerializer.Deserialize<TrainingPlan>(
            await File.ReadAllBytesAsync(Path.Combine(folder, RunFolder.PlanFile), CancellationToken.None), CoreJson.Options)!;
        try
        {
            var outcome = plan.Resolve().Bind(training =>
                services.GetRequiredService<TrainingPipeline>().Run(training, folder, new ProgressObserver(Tell), cancel.Token, gate));
            Tell(outcome.Match<ChildMessage>(_ => new ChildCompleted(), problem => new ChildFailed(problem)));
        }
        catch (OperationCanceledException)
        {
            Tell(new ChildCancelled());
        }

        return 0;
    }

    private static ServiceProvider Services() => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
        .AddLogging()
        .AddCnnEngines()
        .BuildServiceProvider();

    /// <summary>Serving goes first: a lower priority, and the first to go when memory runs out.</summary>
    private static void Yield()
    {
        using var self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.BelowNormal;
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText("/proc/self/oom_score_adj", "500");
        }
    }

    private static void Listen(CancellationTokenSource cancel, LeaseGate gate)
    {
        int? fence = null;
        while (Console.In.ReadLine() is { } line)
        {
            switch (ChildOrder.Parse(line))
            {
                case ChildLease lease when lease.Fence == (fence ??= lease.Fence):
                    gate.Extend(lease.Until);
                    break;
                case ChildLease:
                    Environment.Exit(Overtaken);
                    break;
                case ChildCancel:
                    Stop(cancel, gate);
                    break;
                default:
                    break;
            }
        }

        Environment.Exit(Orphaned);
    }

    /// <summary>At a checkpoint; at once where the lease is over: what was trained since the last one is not this process's to
    /// write.</summary>
    private static void Stop(CancellationTokenSource cancel, LeaseGate gate)
    {
        if (!gate.IsOpen)
        {
            Environment.Exit(Lapsed);
        }

        cancel.Cancel();
    }

    /// <summary>Thins steps out to a few a second; all else is told as it comes.</summary>
    private sealed class ProgressObserver(Action<ChildMessage> tell) : ITrainingObserver
    {
        private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(400);

        private long _last;

        public void Started(string device, Precision precision, int resumedEpoch) =>
            tell(new ChildStarted(device, precision, resumedEpoch));

        public void Step(StepProgress progress)
        {
            if (_last == 0 || Stopwatch.GetElapsedTime(_last) >= PollInterval)
            {
                _last = Stopwatch.GetTimestamp();
                tell(new ChildStep(progress));
            }
        }

        public void Epoch(EpochMetrics metrics) => tell(new ChildEpoch(metrics));

        public void Checkpoint(int epoch, int step) => tell(new ChildCheckpoint(epoch, step));

        public void Log(string message) => tell(new ChildLog(message));
    }
}
