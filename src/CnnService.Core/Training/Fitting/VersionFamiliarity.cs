using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Fits the measure of familiarity to a network that was trained already, by the input of its classifier as OnnxRuntime gives it; of
/// feature maps their means. Thread safe.
/// </summary>
internal sealed class VersionFamiliarity(IModelExporter exporter, IOnnxRunnerFactory onnx)
{
    private const int FewestImages = 512;
    private const int MostImages = 4096;

    /// <summary>Multiply-adds for the images of a split: seconds on two cores, so that a large network is not published late.</summary>
    private const long Work = 200_000_000_000;

    /// <summary>Number of images of a split that are read, spread evenly over it: means and one covariance need no more.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">Images of the split.</param>
    public static int Count(ResolvedNetwork network, int images) => (int)Math.Min(
        images, Math.Clamp(Work / Math.Max(1, network.Layers.Sum(layer => layer.MultiplyAdds)), FewestImages, MostImages));

    /// <summary>Whether such a network has features to measure by, which are not too many.</summary>
    public static bool Fits(ResolvedNetwork network) => FeatureLayer(network) is not null;

    /// <summary>
    /// The measure; null where the network has no such features, or there are too few images. Problem code: <c>model.corrupt</c>.
    /// </summary>
    /// <param name="input">The network and its images.</param>
    /// <param name="cancel">Checked between batches.</param>
    public Outcome<FittedFamiliarity?> Fit(FamiliarityInput input, CancellationToken cancel)
    {
        var validating = Spread(input.Network, input.Validation.Count);
        var (choosing, judging) = ValidationHalves.Divide(validating.Select(place => input.ValidationHashes[place]));
        if (FeatureLayer(input.Network) is not { } layer || choosing.Length < StrengthSelection.MinImages || judging.Length == 0)
        {
            return Outcome.Success<FittedFamiliarity?>(null);
        }

        var file = exporter.Export(Backbone(input.Network, layer), input.Weights, [], input.Preprocessing);
        return onnx.Load(file, input.Preprocessing).Map(runner =>
        {
            using var _ = runner;
            var learning = Spread(input.Network, input.Training.Count);
            var training = Read(runner, input.Training, learning, input.Done, cancel);
            var validation = Read(runner, input.Validation, validating, done => input.Done(learning.Length + done), cancel);
            return FamiliarityFit.Fit(
                training, input.Classes, validation.Select(choosing), validation.Select(judging), layer.Name);
        });
    }

    private static int[] Spread(ResolvedNetwork network, int images) => EvenSpread.Of(images, Count(network, images));

    /// <summary>
    /// What the classifier is given: the input of the last dense layer, or of the last convolution where its maps are averaged to the
    /// classes. Null where the classifier is given the image or too many features, or something else ends the network.
    /// </summary>
    private static ResolvedLayer? FeatureLayer(ResolvedNetwork network)
    {
        if (network is not { HasClasses: true, IsMultiLabel: false, HasLayers: true })
        {
            return null;
        }

        var layer = network.Output;
        while (layer is { Inputs: [var input], Spec: GlobalAveragePooling2dLayer or ActivationLayer or DropoutLayer or FlattenLayer }
            && network.Find(input) is { } before)
        {
            layer = before;
        }

        return layer is { Inputs: [var features], Spec: DenseLayer or Conv2dLayer } && network.Find(features) is { } found
            && found.OutputShape.Channels <= FamiliarityFit.MaxFeatures // A vector's length, or that of the maps' means.
            ? found : null;
    }

    /// <summary>The network up to the layer; its maps averaged.</summary>
    private static ResolvedNetwork Backbone(ResolvedNetwork network, ResolvedLayer layer) => FeatureNetwork.Beginning(
        network, network.Layers.TakeWhile(known => known.Name != layer.Name).Count() + 1,
        layer.OutputShape.IsMap ? [new GlobalAveragePooling2dLayer { Inputs = [layer.Name] }] : []);

    private static FeatureTable Read(
        INetworkRunner runner, IPixelSource images, int[] places, Action<int> done, CancellationToken cancel)
    {
        var read = LabelledLogits.Read(runner, images, places, done, cancel);
        return new(read.Values, read.Outputs, [.. read.Labels]);
    }
}

/// <summary>A trained network with the images that the measure is fitted to.</summary>
/// <param name="Network">The network.</param>
/// <param name="Weights">All of its weights.</param>
/// <param name="Preprocessing">Applied to each image.</param>
internal sealed record FamiliarityInput(ResolvedNetwork Network, NamedWeights Weights, Preprocessing Preprocessing)
{
    /// <summary>Number of classes of the images, all with training images; by default the network's.</summary>
    public int Classes { get; init; } = Network.Classes;

    /// <summary>Training images; owned by the caller.</summary>
    public required IPixelSource Training { get; init; }

    /// <summary>Validation images; owned by the caller.</summary>
    public required IPixelSource Validation { get; init; }

    /// <summary>SHA-256 (hex) of each validation image.</summary>
    public required IReadOnlyList<string> ValidationHashes { get; init; }

    /// <summary>Told of the number of images read, of <see cref="VersionFamiliarity.Count"/> of either split.</summary>
    public Action<int> Done { get; init; } = _ => { };
}
