using CnnService.Client;

namespace CnnService.Studio.Service;

/// <summary>Runs in words.</summary>
internal static class RunWords
{
    public static bool IsOver(RunResource run) => run.State is WorkState.Succeeded or WorkState.Failed or WorkState.Cancelled;

    /// <summary>In a line: "trained on pets, 97.3 % right".</summary>
    public static string Describe(RunResource run) => run.State switch
    {
        WorkState.Queued => $"waits to be trained on {run.Dataset}",
        WorkState.Running => $"{PartOf(run.Progress)} · {Words.Percent(run.Progress.Fraction, 0)}"
            + (run.Progress.EtaSeconds is { } seconds ? $" · {Words.Duration(TimeSpan.FromSeconds(seconds))} left" : null),
        WorkState.Succeeded => Accuracy(run) is { } accuracy
            ? $"version {run.Version} · {Words.Percent(accuracy)} of validation images right" : $"version {run.Version}",
        WorkState.Failed => run.Failure?.Detail ?? "failed",
        _ => "cancelled",
    };

    public static double? Accuracy(RunResource run) => run.Metrics?.Best.ValidationAccuracy;

    /// <summary>What is being done, for people.</summary>
    public static string PartOf(RunProgress progress) => progress.Part switch
    {
        "preparing" => "Preparing the images",
        "features" => "Looking at every image once",
        "fitting" => "Fitting the classifier",
        "epochs" => $"Epoch {progress.Epoch} of {progress.Epochs}",
        "parity" => "Checking the exported file",
        "evaluating" => "Measuring what it has learned",
        "publishing" => "Publishing the version",
        _ => "Starting",
    };
}
