namespace CnnService.Core.Architecture.Presets;

/// <summary>
/// A small residual network (He et al., 2016) for small data sets: batch normalization after every convolution, a residual block at each
/// resolution, global average pooling instead of the article's large dense layers. It has a fifth of the article's parameters and does
/// not need a small learning rate.
/// </summary>
internal static class ArticleCnnBn
{
    /// <summary>
    /// From this shorter side (pixels) the first convolution halves the resolution; smaller images start at full resolution.
    /// </summary>
    private const int HalvingMinSide = 96;

    private static readonly int[] Filters = [48, 96, 192];

    public static Preset Preset { get; } = new(
        "article-cnn-bn",
        "A residual network with batch normalization for few or small images, of 128x128 by default: the best one here to train from "
        + "scratch.",
        new(128, 128, 3),
        classes: 2,
        (_, input) =>
        [
            .. Convolution("1", 32, strides: Math.Min(input.Height, input.Width) >= HalvingMinSide ? 2 : 1),
            .. Filters.SelectMany(Stage),
            new GlobalAveragePooling2dLayer { Name = "avgpool" },
            new DropoutLayer { Name = "dropout", Rate = 0.3 },
            new DenseLayer { Name = "output", Units = Units.Classes },
        ]);

    /// <summary>Halves the resolution, then a residual block: two convolutions and an identity shortcut.</summary>
    private static IEnumerable<LayerSpec> Stage(int filters, int index)
    {
        var name = $"{index + 2}";
        var isFirst = index == 0;
        return
        [
            .. Convolution(name, filters, strides: isFirst ? 1 : 2),
            .. isFirst ? new LayerSpec[] { new MaxPooling2dLayer { Name = "maxpool" } } : [],
            .. Convolution($"{name}a", filters),
            .. Convolution($"{name}b", filters, ActivationKind.Linear),
            new AddLayer
            {
                Name = $"add_{name}",
                Inputs = [isFirst ? "maxpool" : $"bn_{name}", $"bn_{name}b"],
                Activation = ActivationKind.Relu,
            },
        ];
    }

    private static IEnumerable<LayerSpec> Convolution(
        string name, int filters, ActivationKind activation = ActivationKind.Relu, int strides = 1) =>
    [
        new Conv2dLayer
        {
            Name = $"conv_{name}",
            Filters = filters,
            Strides = new(strides, strides),
            Padding = Padding2.Same,
            UseBias = false,
            KernelInitializer = InitializerKind.HeNormal,
        },
        new BatchNormalizationLayer { Name = $"bn_{name}", Activation = activation },
    ];
}
