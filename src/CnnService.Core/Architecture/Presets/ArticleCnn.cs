namespace CnnService.Core.Architecture.Presets;

/// <summary>Four convolutions, each followed by 2x2 max pooling, then two hidden dense layers and the output.</summary>
internal static class ArticleCnn
{
    private static readonly int[] Filters = [32, 64, 128, 128];

    public static Preset Preset { get; } = new(
        "article-cnn",
        "Four convolutions of 3x3 with max pooling and two dense layers (512 and 128), for images of 150x150.",
        new(150, 150, 3),
        classes: 2,
        _ =>
        [
            .. Filters.SelectMany(Block),
            new FlattenLayer { Name = "flatten" },
            new DropoutLayer { Name = "dropout", Rate = 0.5 },
            new DenseLayer { Name = "dense_1", Units = 512, Activation = ActivationKind.Relu },
            new DenseLayer { Name = "dense_2", Units = 128, Activation = ActivationKind.Relu },
            new DenseLayer { Name = "output", Units = Units.Classes },
        ]);

    private static IEnumerable<LayerSpec> Block(int filters, int index) =>
    [
        new Conv2dLayer { Name = $"conv_{index + 1}", Filters = filters, Padding = Padding2.Same, Activation = ActivationKind.Relu },
        new MaxPooling2dLayer { Name = $"maxpool_{index + 1}" },
    ];
}
