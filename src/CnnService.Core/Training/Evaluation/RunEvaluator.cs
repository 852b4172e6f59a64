using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Evaluation;

/// <summary>
/// Evaluates a run's exported network and stores the result in the run's folder.
/// </summary>
internal static class RunEvaluator
{
    /// <summary>The evaluation of this file on this data set, where a former attempt has made it; else null.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="file">Content of the exported file, without a temperature.</param>
    /// <param name="dataset">The data set it was trained on.</param>
    public static RunEvaluation? Find(string folder, byte[] file, DatasetManifest dataset) =>
        RunEvaluation.Read(folder) is { } known && known.Network == Hash(file) && known.DatasetDigest == dataset.Digest ? known : null;

    /// <param name="exported">The exported network and its origin.</param>
    /// <param name="validation">Validation images, or training images where there are none.</param>
    /// <param name="openTest">Opens the test images; called only where there are some.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="cancel">Checked between batches; nothing is written then.</param>
    public static Outcome<RunEvaluation> Evaluate(
        ExportedNetwork exported, EvaluationInput validation, Func<Outcome<IPixelSource>> openTest, string folder, CancellationToken cancel)
    {
        var whole = About(exported, EvaluateSplit(exported, validation, cancel));
        return Write(whole, exported, openTest, folder, test => EvaluateSplit(exported, test, cancel));
    }

    /// <summary>The evaluation, without the test images.</summary>
    public static RunEvaluation About(ExportedNetwork exported, SplitEvaluation validation) => new()
    {
        Epoch = exported.Epoch,
        Dataset = exported.Dataset.Name,
        DatasetRevision = exported.Dataset.Revision.Number,
        DatasetDigest = exported.Dataset.Digest,
        Network = Hash(exported.File),
        Calibration = exported.Calibration,
        TrainingImages = exported.Dataset.CountByClass(Split.Train),
        Validation = validation,
    };

    /// <summary>Judges the test images, where there are some, and writes the whole evaluation into the run's folder.</summary>
    public static Outcome<RunEvaluation> Write(
        RunEvaluation whole, ExportedNetwork exported, Func<Outcome<IPixelSource>> openTest, string folder,
        Func<EvaluationInput, SplitEvaluation> judge) =>
        WithTest(whole, exported, openTest, judge).Bind(judged =>
        {
            judged.Write(folder);
            return (Outcome<RunEvaluation>)judged;
        });

    public static EvaluatedSplit AboutSplit(ExportedNetwork exported, Split split) =>
        new(split, exported.Dataset.Classes, [.. exported.Dataset.Images.Of(split).Select(image => image.Id)]);

    private static string Hash(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    private static Outcome<RunEvaluation> WithTest(
        RunEvaluation whole, ExportedNetwork exported, Func<Outcome<IPixelSource>> open, Func<EvaluationInput, SplitEvaluation> judge)
    {
        if (exported.Dataset.Images.CountOf(Split.Test) == 0)
        {
            return whole;
        }

        return open().Bind(images =>
        {
            using var _ = images;
            return (Outcome<RunEvaluation>)(whole with { Test = judge(new(Split.Test, images)) });
        });
    }

    private static SplitEvaluation EvaluateSplit(ExportedNetwork exported, EvaluationInput images, CancellationToken cancel)
    {
        var about = AboutSplit(exported, images.Split);
        return images.Known is { } known
            ? NetworkEvaluation.Evaluate(known, images.Source, about, exported.Temperature)
            : NetworkEvaluation.Evaluate(exported.Runner, images.Source, about, cancel, exported.Temperature, exported.Done);
    }
}

/// <summary>A network as it will be served.</summary>
/// <param name="Epoch">The epoch its weights are from.</param>
/// <param name="File">Content of the ONNX file, without a temperature.</param>
/// <param name="Runner">Gives that file's logits; owned by the caller.</param>
/// <param name="Dataset">The data set it was trained on.</param>
/// <param name="Done">Told of images as they are judged.</param>
internal sealed record ExportedNetwork(int Epoch, byte[] File, INetworkRunner Runner, DatasetManifest Dataset, Action<int> Done)
{
    /// <summary>The calibration that it will be served with; null: none.</summary>
    public VersionCalibration? Calibration { get; init; }

    /// <summary>Number that its probabilities' logits are divided by.</summary>
    public double Temperature => Calibration?.Temperature ?? 1;
}

/// <param name="Split">The split to evaluate.</param>
/// <param name="Source">All images of the split; owned by the caller.</param>
internal sealed record EvaluationInput(Split Split, IPixelSource Source)
{
    /// <summary>Logits that are known already; null: the network is run.</summary>
    public KnownLogits? Known { get; init; }
}
