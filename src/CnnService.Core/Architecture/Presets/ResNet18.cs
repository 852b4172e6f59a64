namespace CnnService.Core.Architecture.Presets;

/// <summary>ResNet-18 (He, Zhang, Ren and Sun, 2016); layers are named as torchvision names their weights.</summary>
internal static class ResNet18
{
    private static readonly int[] Filters = [64, 128, 256, 512];

    public static Preset Preset { get; } = new(
        "resnet18",
        "ResNet-18 (He et al., 2016): eight residual blocks of two 3x3 convolutions with batch normalization.",
        new(224, 224, 3),
        classes: 1000,
        _ =>
        [
            Convolution("conv1", 64, 7, 2),
            Normalization("bn1", ActivationKind.Relu),
            new MaxPooling2dLayer { Name = "maxpool", PoolSize = new(3, 3), Strides = new(2, 2), Padding = Padding2.Explicit(1, 1, 1, 1) },
            .. Filters.SelectMany(Stage),
            new GlobalAveragePooling2dLayer { Name = "avgpool" },
            new DenseLayer { Name = "fc", Units = Units.Classes },
        ]);

    private static IEnumerable<LayerSpec> Stage(int filters, int index)
    {
        var halves = index > 0;
        var first = $"layer{index + 1}.0";
        var second = $"layer{index + 1}.1";
        var taken = halves ? $"layer{index}.1.add" : "maxpool";
        return [.. Block(first, taken, filters, halves ? 2 : 1), .. Block(second, $"{first}.add", filters, 1)];
    }

    /// <summary>
    /// A residual block: two convolutions and a shortcut, which is a 1x1 convolution where the block halves the resolution.
    /// </summary>
    private static IEnumerable<LayerSpec> Block(string name, string taken, int filters, int stride)
    {
        yield return Convolution($"{name}.conv1", filters, 3, stride) with { Inputs = [taken] };
        yield return Normalization($"{name}.bn1", ActivationKind.Relu);
        yield return Convolution($"{name}.conv2", filters, 3, 1);
        yield return Normalization($"{name}.bn2", ActivationKind.Linear);
        var shortcut = taken;
        if (stride > 1)
        {
            shortcut = $"{name}.downsample.1";
            yield return Convolution($"{name}.downsample.0", filters, 1, stride) with { Inputs = [taken] };
            yield return Normalization(shortcut, ActivationKind.Linear);
        }

        yield return new AddLayer { Name = $"{name}.add", Inputs = [$"{name}.bn2", shortcut], Activation = ActivationKind.Relu };
    }

    private static Conv2dLayer Convolution(string name, int filters, int kernel, int stride)
    {
        var around = kernel / 2;
        return new()
        {
            Name = name,
            Filters = filters,
            KernelSize = new(kernel, kernel),
            Strides = new(stride, stride),
            Padding = Padding2.Explicit(around, around, around, around),
            UseBias = false,
        };
    }

    private static BatchNormalizationLayer Normalization(string name, ActivationKind activation) =>
        new() { Name = name, Activation = activation };
}
