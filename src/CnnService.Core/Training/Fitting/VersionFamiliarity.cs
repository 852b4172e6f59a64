using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Fits the measure of familiarity to a network that was trained already, by the input of its last dense layer as OnnxRuntime gives it.
/// Thread safe.
/// </summary>
internal sealed class VersionFamiliarity(IModelExporter exporter, IOnnxRunnerFactory onnx)
{
    /// <summary>Most training images that are read, spread evenly over the split: means and one covariance need no more.</summary>
    public const int MaxTrainingImages = 4096;

    private const int BatchSize = 16;

    /// <summary>Whether such a network has features to measure by: it ends in a dense layer of one input, which is not too wide.</summary>
    public static bool Fits(ResolvedNetwork network) =>
        network is { HasClasses: true, IsMultiLabel: false, HasLayers: true } && network.Layers.Count > 1
        && network.Output.Spec is DenseLayer && Width(network) is > 0 and <= FamiliarityFit.MaxFeatures;

    /// <summary>
    /// The measure; null where the network has no such features, or there are too few images. Problem code: <c>model.corrupt</c>.
    /// </summary>
    /// <param name="input">The network and its images.</param>
    /// <param name="cancel">Checked between batches.</param>
    public Outcome<FittedFamiliarity?> Fit(FamiliarityInput input, CancellationToken cancel)
    {
        var (choosing, judging) = ValidationHalves.Divide(input.ValidationHashes);
        if (!Fits(input.Network) || choosing.Length < StrengthSelection.MinImages || judging.Length == 0)
        {
            return Outcome.Success<FittedFamiliarity?>(null);
        }

        var file = exporter.Export(FeatureNetwork.Backbone(input.Network), input.Weights, [], input.Preprocessing);
        return onnx.Load(file, input.Preprocessing).Map(runner =>
        {
            using var _ = runner;
            var count = Math.Min(MaxTrainingImages, input.Training.Count);
            int[] taken = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * input.Training.Count / count))];
            var training = Read(runner, input.Training, taken, input.Done, cancel);
            var validation = Read(
                runner, input.Validation, [.. Enumerable.Range(0, input.Validation.Count)], done => input.Done(count + done), cancel);
            return FamiliarityFit.Fit(
                training, input.Network.Classes, validation.Select(choosing), validation.Select(judging), input.Network.Output.Inputs[0]);
        });
    }

    private static long Width(ResolvedNetwork network) =>
        network.Output.InputShapes is [var shape] ? shape.Elements : 0;

    private static FeatureTable Read(
        INetworkRunner runner, IPixelSource images, int[] places, Action<int> done, CancellationToken cancel)
    {
        float[] values = [];
        for (var first = 0; first < places.Length; first += BatchSize)
        {
            cancel.ThrowIfCancellationRequested();
            var part = places.AsSpan(first, Math.Min(BatchSize, places.Length - first));
            var features = runner.Logits(images.Gather(part));
            values = values.Length == 0 ? new float[(long)features.Length / part.Length * places.Length] : values;
            features.CopyTo(values, (long)first * features.Length / part.Length);
            done(first + part.Length);
        }

        return new(values, values.Length / places.Length, [.. places.Select(images.Label)]);
    }
}

/// <summary>A trained network with the images that the measure is fitted to.</summary>
/// <param name="Network">The network.</param>
/// <param name="Weights">All of its weights.</param>
/// <param name="Preprocessing">Applied to each image.</param>
internal sealed record FamiliarityInput(ResolvedNetwork Network, NamedWeights Weights, Preprocessing Preprocessing)
{
    /// <summary>Training images, with the network's classes as labels; owned by the caller.</summary>
    public required IPixelSource Training { get; init; }

    /// <summary>Validation images; owned by the caller.</summary>
    public required IPixelSource Validation { get; init; }

    /// <summary>SHA-256 (hex) of each validation image.</summary>
    public required IEnumerable<string> ValidationHashes { get; init; }

    /// <summary>Told of the number of images read, at most <see cref="VersionFamiliarity.MaxTrainingImages"/> and the validation images.</summary>
    public Action<int> Done { get; init; } = _ => { };
}
