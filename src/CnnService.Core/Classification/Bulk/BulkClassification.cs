using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Classification.Bulk;

/// <summary>
/// Classifies whole data sets. Decoding overlaps with inference, and scores are stored as they are computed, so that work resumes after an
/// interruption.
/// </summary>
public sealed class BulkClassification(ClassificationPipeline pipeline, IPixelCache cache, IOnnxRunnerFactory runners)
{
    /// <summary>
    /// Computes the scores that are missing. Blocks its thread while the network runs, not while a batch is prepared. Problem codes:
    /// <c>model.corrupt</c>, <c>dataset.image-missing</c>, <c>dataset.image-unreadable</c>, <c>storage.full</c>.
    /// </summary>
    /// <param name="plan">The images and the model version.</param>
    /// <param name="datasetFolder">Folder of the data set's images.</param>
    /// <param name="done">Receives the scores; opened with the plan's key and number of columns.</param>
    /// <param name="progress">Reports the number of images classified so far.</param>
    /// <param name="cancel">Checked between batches; scores already stored are kept.</param>
    public Task<Outcome<Unit>> RunAsync(
        BulkPlan plan, string datasetFolder, PredictionFile done, IProgress<int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(done);
        ArgumentNullException.ThrowIfNull(progress);
        return runners.Load(RegularFile.ReadAllBytes(plan.Model.OnnxPath), plan.Model.Manifest.Preprocessing).BindAsync(async network =>
        {
            using var owned = network;
            using var images = new ImageBatches(pipeline, cache, datasetFolder, plan);
            progress.Report(done.Count);
            return await ScoreAsync(network, images, plan, done, progress, cancel);
        });
    }

    private static async Task<Outcome<Unit>> ScoreAsync(
        INetworkRunner network, ImageBatches images, BulkPlan plan, PredictionFile done, IProgress<int> progress, CancellationToken cancel)
    {
        await foreach (var batch in images.FromAsync(done.Count, cancel))
        {
            if (batch.Problem is { } problem)
            {
                return problem;
            }

            var (logits, familiarity) = network.Judge(batch.Value);
            var scores = Spread(logits, batch.Value.Count, plan.Classes.Count);
            done.Append(plan.HasFamiliarity ? Join(scores, plan.Classes.Count, familiarity!) : scores);
            ClassifyMetrics.Bulk(batch.Value.Count);
            cancel.ThrowIfCancellationRequested();
            progress.Report(done.Count);
        }

        return default(Unit);
    }

    /// <summary>Puts how familiar each image is behind its scores.</summary>
    private static float[] Join(float[] scores, int classes, float[] familiarity) =>
        [.. familiarity.SelectMany((familiar, image) => (IEnumerable<float>)[.. scores.AsSpan(image * classes, classes), familiar])];

    /// <summary>
    /// Expands a single sigmoid logit z to the scores (0, z), whose softmax equals the sigmoid; other scores pass unchanged.
    /// </summary>
    private static float[] Spread(float[] logits, int images, int classes) => logits.Length == images * classes
        ? logits
        : logits.Length == images && classes == 2
            ? [.. logits.SelectMany(SigmoidProbabilities.ScoresFromLogit)]
            : throw new InvalidOperationException(
                $"The network must give {classes} outputs, one a class, received {logits.Length} for {images} images.");
}
