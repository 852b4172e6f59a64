using System.Globalization;
using CnnService.Client;

namespace CnnService.Studio.Pages.Results;

/// <summary>What a version says to every validation image: the service classifies them once, in the background, and keeps it.</summary>
internal static class AllPredictions
{
    /// <summary>Found where it has been done before, else begun and waited for.</summary>
    /// <exception cref="IOException">The service could not classify them.</exception>
    public static async Task<IReadOnlyList<Prediction>> ReadAsync(CnnServiceClient client, RunResults results, CancellationToken cancel)
    {
        var job = await FindAsync(client, results, cancel) ?? await client.ClassifyDatasetAsync(
            new()
            {
                Model = results.Name,
                Dataset = string.Create(CultureInfo.InvariantCulture, $"{results.Evaluation.Dataset}:{results.Evaluation.DatasetRevision}"),
                Split = results.Evaluation.Split,
            },
            cancellationToken: cancel);
        job = await client.WaitForClassifyJobAsync(job.Id, null, cancel);
        return job.State == WorkState.Succeeded
            ? PredictionTable.Read(await client.DownloadAsync($"classify/jobs/{job.Id}/predictions.csv", cancel))
            : throw new IOException(job.Failure?.Detail ?? "The images could not be classified.");
    }

    private static async Task<ClassifyJobResource?> FindAsync(CnnServiceClient client, RunResults results, CancellationToken cancel)
    {
        var jobs = await client.ListClassifyJobsAsync(limit: 100, cancellationToken: cancel);
        return jobs.Items.FirstOrDefault(job => job.State is WorkState.Succeeded or WorkState.Running or WorkState.Queued
            && job.Model == results.Run.Model && job.Version == results.Run.Version
            && job.Dataset == results.Evaluation.Dataset && job.DatasetRevision == results.Evaluation.DatasetRevision
            && string.Equals(job.Split, results.Evaluation.Split.ToString(), StringComparison.OrdinalIgnoreCase));
    }
}
