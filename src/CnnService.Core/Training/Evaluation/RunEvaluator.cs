using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Evaluation;

/// <summary>
/// Evaluates a run's exported network and stores the result in the run's folder. An existing evaluation of the same network on the same
/// data set is reused.
/// </summary>
internal static class RunEvaluator
{
    /// <param name="exported">The exported network and its origin.</param>
    /// <param name="validation">Validation images, or training images where there are none.</param>
    /// <param name="openTest">Opens the test images; called only where there are some.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="cancel">Checked between batches; nothing is written then.</param>
    public static Outcome<RunEvaluation> Evaluate(
        ExportedNetwork exported, EvaluationInput validation, Func<Outcome<IPixelSource>> openTest, string folder, CancellationToken cancel)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(exported.File));
        if (RunEvaluation.Read(folder) is { } known && known.Network == hash && known.DatasetDigest == exported.Dataset.Digest)
        {
            return known;
        }

        var dataset = exported.Dataset;
        var whole = new RunEvaluation
        {
            Epoch = exported.Epoch,
            Dataset = dataset.Name,
            DatasetRevision = dataset.Revision.Number,
            DatasetDigest = dataset.Digest,
            Network = hash,
            TrainingImages = dataset.CountByClass(Split.Train),
            Validation = EvaluateSplit(exported, validation, cancel),
        };
        return WithTest(whole, exported, openTest, cancel).Bind(judged =>
        {
            judged.Write(folder);
            return (Outcome<RunEvaluation>)judged;
        });
    }

    private static Outcome<RunEvaluation> WithTest(
        RunEvaluation whole, ExportedNetwork exported, Func<Outcome<IPixelSource>> open, CancellationToken cancel)
    {
        if (exported.Dataset.Images.CountOf(Split.Test) == 0)
        {
            return whole;
        }

        return open().Bind(images =>
        {
            using var _ = images;
            return (Outcome<RunEvaluation>)(whole with { Test = EvaluateSplit(exported, new(Split.Test, images), cancel) });
        });
    }

    private static SplitEvaluation EvaluateSplit(ExportedNetwork exported, EvaluationInput images, CancellationToken cancel)
    {
        var ids = exported.Dataset.Images.Of(images.Split).Select(image => image.Id);
        return NetworkEvaluation.Evaluate(exported.Runner, images.Source, new(images.Split, exported.Dataset.Classes, [.. ids]), cancel);
    }
}

/// <summary>A network as it will be served.</summary>
/// <param name="Epoch">The epoch its weights are from.</param>
/// <param name="File">Content of the ONNX file.</param>
/// <param name="Runner">Runs that file; owned by the caller.</param>
/// <param name="Dataset">The data set it was trained on.</param>
internal sealed record ExportedNetwork(int Epoch, byte[] File, INetworkRunner Runner, DatasetManifest Dataset);

/// <param name="Split">The split to evaluate.</param>
/// <param name="Source">All images of the split; owned by the caller.</param>
internal sealed record EvaluationInput(Split Split, IPixelSource Source);
