using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Evaluating;

/// <summary>
/// Judges a run's exported network and keeps the answer in the run's folder. A network that was judged already, on the same
/// pictures, is not judged again.
/// </summary>
internal static class RunEvaluator
{
    /// <param name="exported">The network, and whence it is.</param>
    /// <param name="validation">Validation pictures, or training pictures where there are none.</param>
    /// <param name="openTest">Opens the test pictures; asked only where there are some.</param>
    /// <param name="folder">The run's.</param>
    /// <param name="cancel">Checked between batches; nothing is written then.</param>
    public static Outcome<RunEvaluation> Evaluate(
        ExportedNetwork exported, JudgedPictures validation, Func<Outcome<IPixelSource>> openTest, string folder, CancellationToken cancel)
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
            DatasetDigest = dataset.Digest,
            Network = hash,
            TrainingPictures = dataset.PicturesOf(Split.Train),
            Validation = Judge(exported, validation, cancel),
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
        if (exported.Dataset.Images.All(image => image.Split != Split.Test))
        {
            return whole;
        }

        return open().Bind(pictures =>
        {
            using var _ = pictures;
            return (Outcome<RunEvaluation>)(whole with { Test = Judge(exported, new(Split.Test, pictures), cancel) });
        });
    }

    private static SplitEvaluation Judge(ExportedNetwork exported, JudgedPictures pictures, CancellationToken cancel)
    {
        var ids = exported.Dataset.Images.Where(image => image.Split == pictures.Split).Select(image => image.Id);
        return NetworkEvaluation.Of(exported.Runner, pictures.Source, new(pictures.Split, exported.Dataset.Classes, [.. ids]), cancel);
    }
}

/// <summary>A network as it will be served.</summary>
/// <param name="Epoch">The epoch whose weights it has.</param>
/// <param name="File">The ONNX file.</param>
/// <param name="Runner">Runs that file; belongs to the caller.</param>
/// <param name="Dataset">What it was trained on.</param>
internal sealed record ExportedNetwork(int Epoch, byte[] File, INetworkRunner Runner, DatasetManifest Dataset);

/// <param name="Split">The part of the data set.</param>
/// <param name="Source">All its pictures; belongs to the caller.</param>
internal sealed record JudgedPictures(Split Split, IPixelSource Source);
