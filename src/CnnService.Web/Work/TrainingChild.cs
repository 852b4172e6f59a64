using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Runs;
using CnnService.Engines;

namespace CnnService.Web.Work;

/// <summary>
/// Entry point of the training process: the service's own executable with the verb <see cref="Verb"/>. Takes the run's folder, reports
/// progress on standard output, stops on a command from standard input, and exits immediately when that closes, because its parent is gone.
/// It trains only while the run's lease is known to be held; otherwise it waits for the next heartbeat with its state in memory.
/// </summary>
internal static class TrainingChild
{
    public const string Verb = "train-run";

    private const int OrphanedExitCode = 3;
    private const int SupersededExitCode = 4;
    private const int LeaseEndedExitCode = 5;

    public static async Task<int> RunAsync(string folder)
    {
        LowerPriority();
        using var cancel = new CancellationTokenSource();
        using var gate = new LeaseGate(TimeProvider.System);
        var observer = new ProgressObserver();
        new Thread(() => Listen(cancel, gate, observer)) { IsBackground = true, Name = "parent" }.Start();
        // Ctrl+C in a terminal reaches the whole process group; the parent decides what happens to the run and sends a command.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            Stop(cancel, gate);
        });
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        void Send(ChildMessage message)
        {
            lock (output)
            {
                output.WriteLine(message.ToLine());
            }
        }

        observer.Send = Send;

        await using var services = Services();
        var plan = JsonSerializer.Deserialize<TrainingPlan>(
            await File.ReadAllBytesAsync(Path.Combine(folder, RunFolder.PlanFile), CancellationToken.None), CoreJson.Options)!;
        try
        {
            var outcome = plan.Resolve().Bind(training =>
                services.GetRequiredService<TrainingPipeline>().Run(training, folder, observer, cancel.Token, gate));
            Send(outcome.Match<ChildMessage>(_ => new ChildCompleted(), problem => new ChildFailed(problem)));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Send(new ChildCancelled());
        }

        return 0;
    }

    private static ServiceProvider Services() => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
        .AddLogging()
        .AddCnnEngines()
        .BuildServiceProvider();

    /// <summary>Gives precedence to serving: lower CPU priority, and first to be killed when memory runs out.</summary>
    private static void LowerPriority()
    {
        using var self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.BelowNormal;
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText("/proc/self/oom_score_adj", "500");
        }
    }

    private static void Listen(CancellationTokenSource cancel, LeaseGate gate, ProgressObserver observer)
    {
        int? fence = null;
        while (Console.In.ReadLine() is { } line)
        {
            switch (ChildCommand.Parse(line))
            {
                case ChildLease lease when lease.Fence == (fence ??= lease.Fence):
                    gate.Extend(lease.Until);
                    break;
                case ChildLease:
                    ProcessEnd.AtOnce(SupersededExitCode);
                    break;
                case ChildFinish:
                    observer.Finish();
                    break;
                case ChildCancel:
                    Stop(cancel, gate);
                    break;
                default:
                    break;
            }
        }

        ProcessEnd.AtOnce(OrphanedExitCode);
    }

    /// <summary>
    /// Stops at a checkpoint; exits immediately if the lease has ended, because progress since the last checkpoint must not be
    /// written then.
    /// </summary>
    private static void Stop(CancellationTokenSource cancel, LeaseGate gate)
    {
        if (!gate.IsOpen)
        {
            ProcessEnd.AtOnce(LeaseEndedExitCode);
        }

        cancel.Cancel();
    }

    /// <summary>Forwards steps at most every 0.4 s and all other events immediately.</summary>
    private sealed class ProgressObserver : ITrainingObserver
    {
        private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(400);

        private long _last;
        private volatile bool _endsEarly; // Set by the thread that listens.

        /// <summary>Set before the training begins.</summary>
        public Action<ChildMessage> Send { get; set; } = _ => { };

        public bool EndsEarly => _endsEarly;

        public void Finish() => _endsEarly = true;

        public void Started(string device, Precision precision, int resumedEpoch) =>
            Send(new ChildStarted(device, precision, resumedEpoch));

        public void Step(StepProgress progress)
        {
            if (_last == 0 || Stopwatch.GetElapsedTime(_last) >= PollInterval)
            {
                _last = Stopwatch.GetTimestamp();
                Send(new ChildStep(progress));
            }
        }

        public void Epoch(EpochMetrics metrics) => Send(new ChildEpoch(metrics));

        public void Part(PartProgress progress) => Send(new ChildPart(progress));

        public void Checkpoint(int epoch, int step) => Send(new ChildCheckpoint(epoch, step));

        public void Log(string message) => Send(new ChildLog(message));
    }
}
