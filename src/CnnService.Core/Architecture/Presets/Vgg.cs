namespace CnnService.Core.Architecture.Presets;

/// <summary>
/// VGG (Simonyan and Zisserman, 2015): blocks of 3x3 convolutions, each followed by max pooling; layers are named as in Keras.
/// </summary>
internal static class Vgg
{
    private static readonly int[] Filters = [64, 128, 256, 512, 512];

    public static Preset Vgg11 { get; } = Create("vgg11", "eight", [1, 1, 2, 2, 2]);

    public static Preset Vgg16 { get; } = Create("vgg16", "thirteen", [2, 2, 3, 3, 3]);

    private static Preset Create(string name, string count, int[] depths) => new(
        name,
        $"{name.ToUpperInvariant()} (Simonyan and Zisserman, 2015): {count} convolutions of 3x3 in five blocks, three dense layers.",
        new(224, 224, 3),
        classes: 1000,
        _ =>
        [
            .. depths.SelectMany(Block),
            new FlattenLayer { Name = "flatten" },
            Dense("fc1"),
            new DropoutLayer { Name = "dropout_1" },
            Dense("fc2"),
            new DropoutLayer { Name = "dropout_2" },
            new DenseLayer { Name = "predictions", Units = Units.Classes },
        ]);

    private static IEnumerable<LayerSpec> Block(int depth, int index) =>
    [
        .. Enumerable.Range(1, depth).Select(number => new Conv2dLayer
        {
            Name = $"block{index + 1}_conv{number}",
            Filters = Filters[index],
            Padding = Padding2.Same,
            Activation = ActivationKind.Relu,
        }),
        new MaxPooling2dLayer { Name = $"block{index + 1}_pool" },
    ];

    private static DenseLayer Dense(string name) => new() { Name = name, Units = 4096, Activation = ActivationKind.Relu };
}
