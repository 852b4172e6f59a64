using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Classification.Bulk;

/// <summary>Classifies whole data sets: decoding goes on beside the network, and what is done is kept as it is done.</summary>
public sealed class BulkClassification(ClassificationPipeline pipeline, IPixelCache cache, IOnnxRunnerFactory runners)
{
    /// <summary>
    /// Scores the images that have no scores yet. Holds its thread while the network is at a batch, not while a batch is made ready.
    /// Problem codes: <c>model.corrupt</c>, <c>dataset.image-missing</c>, <c>dataset.image-unreadable</c>, <c>storage.full</c>.
    /// </summary>
    /// <param name="plan">Which images, which version.</param>
    /// <param name="datasetFolder">Holds the images.</param>
    /// <param name="done">Gets the scores; opened with the plan's key and as many classes as it has.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancel">Checked between batches; what is done stays.</param>
    public Task<Outcome<Unit>> RunAsync(
        BulkPlan plan, string datasetFolder, PredictionFile done, IProgress<int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(done);
        ArgumentNullException.ThrowIfNull(progress);
        return runners.Load(File.ReadAllBytes(plan.Model.OnnxPath), plan.Model.Manifest.Preprocessing).BindAsync(async network =>
        {
            using var owned = network;
            using var images = new ImageBatches(pipeline, cache, datasetFolder, plan);
            progress.Report(done.Count);
            return await ScoreAsync(network, images, plan.Classes.Count, done, progress, cancel);
        });
    }

    private static async Task<Outcome<Unit>> ScoreAsync(
        INetworkRunner network, ImageBatches images, int classes, PredictionFile done, IProgress<int> progress, CancellationToken cancel)
    {
        await foreach (var batch in images.FromAsync(done.Count, cancel))
        {
            if (batch.Problem is { } problem)
            {
                return problem;
            }

            done.Append(Spread(network.Logits(batch.Value), batch.Value.Count, classes));
            ClassifyMetrics.Bulk(batch.Value.Count);
            cancel.ThrowIfCancellationRequested();
            progress.Report(done.Count);
        }

        return default(Unit);
    }

    /// <summary>One score a class: a sigmoid of z is the softmax of (0, z).</summary>
    private static float[] Spread(float[] logits, int images, int classes) => logits.Length == images * classes
        ? logits
        : logits.Length == images && classes == 2
            ? [.. logits.SelectMany(SigmoidProbabilities.ScoresOfLogit)]
            : throw new InvalidOperationException(
                $"The network must give {classes} outputs, one a class, received {logits.Length} for {images} images.");
}
