namespace CnnService.Core.Architecture.Presets;

/// <summary>LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998), with a plain dense output layer.</summary>
internal static class LeNet5
{
    public static Preset Preset { get; } = new(
        "lenet5",
        "LeNet-5 (LeCun et al., 1998) for grey images of 28x28: two convolutions of 5x5 with average pooling, three dense layers.",
        new(28, 28, 1),
        classes: 10,
        _ =>
        [
            Convolution("conv_1", 6, Padding2.Same),
            new AveragePooling2dLayer { Name = "avgpool_1" },
            Convolution("conv_2", 16, Padding2.Valid),
            new AveragePooling2dLayer { Name = "avgpool_2" },
            new FlattenLayer { Name = "flatten" },
            new DenseLayer { Name = "dense_1", Units = 120, Activation = ActivationKind.Tanh },
            new DenseLayer { Name = "dense_2", Units = 84, Activation = ActivationKind.Tanh },
            new DenseLayer { Name = "output", Units = Units.Classes },
        ]);

    private static Conv2dLayer Convolution(string name, int filters, Padding2 padding) =>
        new() { Name = name, Filters = filters, KernelSize = new(5, 5), Padding = padding, Activation = ActivationKind.Tanh };
}
