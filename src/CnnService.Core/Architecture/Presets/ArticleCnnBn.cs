namespace CnnService.Core.Architecture.Presets;

/// <summary>
/// The article's network with batch normalization behind every convolution, one block more, and global average pooling in
/// place of the two large dense layers: a tenth of the parameters, and no need of small learning rates.
/// </summary>
internal static class ArticleCnnBn
{
    private static readonly int[] Filters = [32, 64, 128, 128, 256];

    public static Preset Preset { get; } = new(
        "article-cnn-bn",
        "Five convolutions of 3x3 with batch normalization and max pooling, global average pooling and one dense layer, for 150x150.",
        new(150, 150, 3),
        classes: 2,
        _ =>
        [
            .. Filters.SelectMany(Block),
            new GlobalAveragePooling2dLayer { Name = "avgpool" },
            new DropoutLayer { Name = "dropout", Rate = 0.3 },
            new DenseLayer { Name = "output", Units = Units.Classes },
        ]);

    private static IEnumerable<LayerSpec> Block(int filters, int index) =>
    [
        new Conv2dLayer { Name = $"conv_{index + 1}", Filters = filters, Padding = Padding2.Same, UseBias = false },
        new BatchNormalizationLayer { Name = $"bn_{index + 1}", Activation = ActivationKind.Relu },
        new MaxPooling2dLayer { Name = $"maxpool_{index + 1}" },
    ];
}
