using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Comparing;
using CnnService.Core.Training.Evaluating;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>Carries out a comparison. Begins anew when a former attempt died: half a one is worthless.</summary>
internal sealed partial class ComparisonJob(
    ComparisonStore comparisons,
    ModelRegistry registry,
    IPixelCache pixels,
    IOnnxRunnerFactory runners,
    DataFolders folders,
    IOptions<TrainingOptions> options,
    TimeProvider clock,
    ILogger<ComparisonJob> logger)
{
    public const int MaxTries = 3;

    public async Task RunAsync(string id, CancellationToken shutdown)
    {
        var lease = options.Value.Lease;
        if (await comparisons.ClaimAsync(id, WorkerId.Mine, lease) is not { } claim)
        {
            return;
        }

        using var keeper = new LeaseKeeper(claim.RenewAsync, lease, clock);
        using var progress = new Progress(claim, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(shutdown, keeper.Lost, progress.Gone);
        try
        {
            var problem = claim.Row.Tries > MaxTries ? CrashLoop : await CompareAsync(claim.Row, progress, stop.Token);
            await EndAsync(claim, problem);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            await claim.ReleaseAsync();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogLost(keeper.Fault, id);
        }
    }

    private static Problem CrashLoop { get; } = new(ProblemKind.Internal, "compare.crash-loop", $"The comparison died {MaxTries} times.");

    /// <summary>Null where the result is written.</summary>
    private async Task<Problem?> CompareAsync(ComparisonRow row, Progress progress, CancellationToken stop)
    {
        var a = await registry.ResolveAsync(row.ModelA, row.VersionA);
        var b = await registry.ResolveAsync(row.ModelB, row.VersionB);
        var dataset = DatasetFolder.ReadManifest(folders.Dataset(row.Dataset));
        if ((a.Problem ?? b.Problem ?? dataset.Problem) is { } problem)
        {
            return problem;
        }

        // It computes for as long as it takes; a thread of its own keeps the pool free.
        var result = await Task.Factory.StartNew(
            () => Compare(a.Value, b.Value, dataset.Value, row.Split, progress, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (result.Succeeded)
        {
            result.Value.Write(folders.Comparison(row.Id));
        }

        return result.Problem;
    }

    private Outcome<ComparisonResult> Compare(LoadedModel a, LoadedModel b, DatasetManifest dataset, Split split, Progress progress, CancellationToken stop) =>
        Open(a, dataset, split, stop).Bind(first =>
        {
            using var _ = first;
            return Open(b, dataset, split, stop).Bind(second =>
            {
                using var __ = second;
                var ids = dataset.Images.Where(image => image.Split == split).Select(image => image.Id);
                return (Outcome<ComparisonResult>)new VersionComparison(clock).Run(first.Network, second.Network, new JudgedSplit(split, dataset.Classes, [.. ids]), progress, stop);
            });
        });

    private Outcome<Opened> Open(LoadedModel model, DatasetManifest dataset, Split split, CancellationToken stop)
    {
        var input = model.Network.Spec.Input;
        return pixels.Open(folders.Dataset(dataset.Name), dataset, split, input.Height, input.Width, input.Channels, stop).Bind(pictures =>
        {
            var runner = runners.Load(File.ReadAllBytes(model.OnnxPath), model.Manifest.Preprocessing);
            if (runner.Succeeded)
            {
                return (Outcome<Opened>)new Opened(new(runner.Value, model.Manifest.Classes, pictures));
            }

            pictures.Dispose();
            return runner.Problem;
        });
    }

    private async Task EndAsync(ComparisonClaim claim, Problem? problem)
    {
        var id = claim.Row.Id;
        if (await (problem is null ? claim.SucceedAsync() : claim.FailAsync(problem)))
        {
            LogEnded(id, problem?.Code ?? "succeeded");
        }
        else if (await comparisons.FindAsync(id) is null && Directory.Exists(folders.Comparison(id)))
        {
            Directory.Delete(folders.Comparison(id), recursive: true); // Deleted at the last moment.
        }
    }

    [LoggerMessage(LogLevel.Information, "Comparison {Id} ended, {Result}")]
    private partial void LogEnded(string id, string result);

    [LoggerMessage(LogLevel.Warning, "Comparison {Id} was deleted or taken over; it stops here")]
    private partial void LogLost(Exception? fault, string id);

    /// <summary>A network and its pictures, both owned.</summary>
    private sealed record Opened(ComparedNetwork Network) : IDisposable
    {
        public void Dispose()
        {
            Network.Runner.Dispose();
            Network.Pictures.Dispose();
        }
    }

    /// <summary>Writes progress to the row, at most every half second; hears there that the comparison is gone.</summary>
    private sealed class Progress(ComparisonClaim claim, TimeProvider clock) : IProgress<int>, IDisposable
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

        private readonly CancellationTokenSource _gone = new();
        private long _told = clock.GetTimestamp();

        public CancellationToken Gone => _gone.Token;

        public void Report(int value)
        {
            if (clock.GetElapsedTime(_told) < Pause)
            {
                return;
            }

            _told = clock.GetTimestamp();
            if (!claim.ProgressAsync(value).GetAwaiter().GetResult()) // On the computing thread, which may block.
            {
                _gone.Cancel();
            }
        }

        public void Dispose() => _gone.Dispose();
    }
}
