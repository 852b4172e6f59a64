namespace CnnService.Core.Models.Import;

/// <summary>What the pictures went through that published weights were trained on.</summary>
public static class PublishedPreprocessing
{
    /// <summary>
    /// ImageNet's mean and deviation, red first, for what torchvision publishes; blue first, minus the mean, for Keras's VGG16.
    /// Null where nothing is usual, and for our own files: then it must be said.
    /// </summary>
    /// <param name="convention">Where the weights come from.</param>
    /// <param name="preset">The network; null: another.</param>
    /// <param name="channels">Of its picture; published networks take 3.</param>
    public static NormalizationKind? Of(WeightConvention convention, string? preset, int channels) => (convention, preset, channels) switch
    {
        (WeightConvention.PyTorch, "vgg11" or "vgg16" or "resnet18" or "squeezenet1.1", 3) => NormalizationKind.Imagenet,
        (WeightConvention.Keras, "vgg16", 3) => NormalizationKind.Caffe,
        _ => null,
    };

    /// <summary>The wanted preprocessing, or else the usual one; null where neither is known.</summary>
    public static Preprocessing? Choose(Preprocessing? wanted, ImportedWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var channels = weights.Network.Spec.Input.Channels;
        return wanted ?? (Of(weights.Report.Convention, weights.Report.Preset, channels) is { } kind
            ? Preprocessing.Create(kind, channels, [], [])
            : null);
    }
}
