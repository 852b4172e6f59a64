using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Interpretation.Labels;

/// <summary>Judges the labels of a data set by a network. Thread safe.</summary>
public sealed class LabelCheckPipeline(IFeatureMapReader reader, IServedScores served, IImageDecoder decoder, DecodeSlots slots)
{
    private const int BatchSize = 16;

    /// <summary>
    /// Runs the network over the images and ranks their labels. Problem codes: <c>dataset.image-missing</c>,
    /// <c>dataset.image-unreadable</c>, <c>model.corrupt</c>, <c>labels.not-finite</c>.
    /// </summary>
    /// <param name="plan">The version, the images and the evidence.</param>
    /// <param name="progress">Receives the number of images the network has seen.</param>
    /// <param name="cancel">Ends the check.</param>
    public async Task<Outcome<LabelDoubts>> RunAsync(LabelCheckPlan plan, IProgress<int>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        DatasetImage[] all = [.. plan.Dataset.Images];
        DatasetImage[] images = [.. plan.Images.Select(index => all[index])];
        var outputs = await OutputsAsync(plan, images, progress, cancel);
        return outputs.Bind(values => values.All(row => row.All(double.IsFinite))
            ? Scores(plan, images, values, cancel)
            : Problem.Unprocessable("labels.not-finite", $"The {plan.Model.DisplayName} answers with numbers that are not finite."))
            .Map(scores => LabelJudgement.Rank(plan, images, scores));
    }

    /// <summary>Scores of each image for the classes of the data set; null for those that cannot be judged.</summary>
    private static Outcome<double[]?[]> Scores(LabelCheckPlan plan, DatasetImage[] images, double[][] outputs, CancellationToken cancel)
    {
        if (plan.Features is null)
        {
            return outputs;
        }

        // Equal files share a fold: a copy with the same wrong label would speak for it.
        return LinearDiscriminant.CrossValidate(
            outputs, [.. images.Select(image => image.Label)], [.. images.Select(image => Convert.ToUInt32(image.Sha256[..8], 16))],
            plan.Dataset.Classes.Count, cancel);
    }

    /// <summary>What the network gives for each image: features, or scores of the data set's classes.</summary>
    private async Task<Outcome<double[][]>> OutputsAsync(
        LabelCheckPlan plan, DatasetImage[] images, IProgress<int>? progress, CancellationToken cancel)
    {
        var rows = new double[images.Length][];
        var known = plan.Model.Manifest.Classes;
        var alignment = new ClassAlignment(known, ClassAlignment.Common(plan.Dataset.Classes, known));
        Problem? failure = null;
        var done = 0;
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, images.Length).Chunk(BatchSize),
                new ParallelOptions { CancellationToken = failed.Token, MaxDegreeOfParallelism = Environment.ProcessorCount },
                async (batch, token) =>
                {
                    var outputs = await OutcomeAsync.AllAsync(batch, index => DecodeAsync(plan, images[index], token))
                        .BindAsync(pixels => plan.Features is null ? Predict(plan, pixels, alignment) : Describe(plan, pixels));
                    if (outputs.Problem is { } problem)
                    {
                        Interlocked.CompareExchange(ref failure, problem, null);
                        await failed.CancelAsync();
                        return;
                    }

                    outputs.Value.CopyTo(rows, batch[0]);
                    progress?.Report(Interlocked.Add(ref done, batch.Length));
                });
        }
        catch (OperationCanceledException) when (failure is not null && !cancel.IsCancellationRequested)
        {
            // The other batches were given up because of the failure that is returned.
        }

        return failure is null ? rows : failure;
    }

    private Task<Outcome<PixelBuffer>> DecodeAsync(LabelCheckPlan plan, DatasetImage image, CancellationToken cancel)
    {
        var input = plan.Model.Network.Spec.Input;
        return slots.RunAsync(
            () => DatasetFolder.DecodeImage(
                plan.Folder, image, file => decoder.Decode(file, new(input.Width, input.Height, input.Channels))),
            cancel, here: true);
    }

    private Outcome<double[][]> Describe(LabelCheckPlan plan, IReadOnlyList<PixelBuffer> images) =>
        Outcome.All(images.Select(image => reader.Read(plan.Model, plan.Features!, image)
            .Map<double[]>(maps => [.. Enumerable.Range(0, maps.Channels).Select(maps.Mean)])))
        .Map<double[][]>(rows => [.. rows]);

    private Outcome<double[][]> Predict(LabelCheckPlan plan, IReadOnlyList<PixelBuffer> images, ClassAlignment alignment) =>
        served.Logits(plan.Model, [.. images.Select(image => (ReadOnlyMemory<byte>)image.Data)]).Map<double[][]>(logits =>
        {
            var outputs = logits.Length / images.Count;
            return [.. Enumerable.Range(0, images.Count).Select(i => alignment.Scores(logits.AsSpan(i * outputs, outputs))
                .Take(plan.Dataset.Classes.Count).Select(score => (double)score).ToArray())];
        });
}
