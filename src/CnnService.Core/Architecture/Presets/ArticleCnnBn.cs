namespace CnnService.Core.Architecture.Presets;

/// <summary>
/// A small residual network (He et al., 2016) for few pictures: batch normalization behind every convolution, a residual
/// block at each size, global average pooling in place of the article's large dense layers. A fifth of the article's
/// parameters, and no need of small learning rates.
/// </summary>
internal static class ArticleCnnBn
{
    /// <summary>Pictures with a shorter side begin at their full size, larger ones at half of it.</summary>
    private const int Halved = 96;

    private static readonly int[] Filters = [48, 96, 192];

    public static Preset Preset { get; } = new(
        "article-cnn-bn",
        "A residual network with batch normalization for few or small pictures, of 128x128 by default: the best one here to train from scratch.",
        new(128, 128, 3),
        classes: 2,
        (_, input) =>
        [
            .. Convolution("1", 32, strides: Math.Min(input.Height, input.Width) >= Halved ? 2 : 1),
            .. Filters.SelectMany(Stage),
            new GlobalAveragePooling2dLayer { Name = "avgpool" },
            new DropoutLayer { Name = "dropout", Rate = 0.3 },
            new DenseLayer { Name = "output", Units = Units.Classes },
        ]);

    /// <summary>Half the size, then two convolutions beside a way around them.</summary>
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
            new AddLayer { Name = $"add_{name}", Inputs = [isFirst ? "maxpool" : $"bn_{name}", $"bn_{name}b"], Activation = ActivationKind.Relu },
        ];
    }

    private static IEnumerable<LayerSpec> Convolution(string name, int filters, ActivationKind activation = ActivationKind.Relu, int strides = 1) =>
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
