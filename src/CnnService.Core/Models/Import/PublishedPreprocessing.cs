namespace CnnService.Core.Models.Import;

/// <summary>The preprocessing that published weights were trained with.</summary>
public static class PublishedPreprocessing
{
    /// <summary>
    /// ImageNet's mean and deviation (RGB) for torchvision's weights; BGR minus the mean for Keras's VGG16. Null where there is no usual
    /// one, and for this service's own files: it must then be given.
    /// </summary>
    /// <param name="convention">Origin of the weights.</param>
    /// <param name="preset">The network; null: not a preset.</param>
    /// <param name="channels">Of its input image; published networks take 3.</param>
    public static NormalizationKind? Find(WeightConvention convention, string? preset, int channels) =>
        (convention, preset, channels) switch
        {
            (WeightConvention.PyTorch, "vgg11" or "vgg16" or "resnet18" or "squeezenet1.1", 3) => NormalizationKind.Imagenet,
            (WeightConvention.Keras, "vgg16", 3) => NormalizationKind.Caffe,
            _ => null,
        };

    /// <summary>The requested preprocessing, or else the usual one; null where neither is known.</summary>
    public static Preprocessing? Choose(Preprocessing? wanted, ImportedWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var channels = weights.Network.Spec.Input.Channels;
        return wanted ?? (Find(weights.Report.Convention, weights.Report.Preset, channels) is { } kind
            ? Preprocessing.Create(kind, channels, [], [])
            : null);
    }
}
