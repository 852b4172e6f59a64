namespace CnnService.Core.Architecture.Presets;

/// <summary>
/// SqueezeNet 1.1 (Iandola et al., 2016): fire modules squeeze with 1x1 convolutions and expand with parallel 1x1 and 3x3 convolutions.
/// Its logits come from a ReLU and are never negative, so two classes need two outputs: a single sigmoid could never predict class 0.
/// </summary>
internal static class SqueezeNet
{
    public static Preset Preset { get; } = new(
        "squeezenet1.1",
        "SqueezeNet 1.1 (Iandola et al., 2016): eight fire modules, 1.2 million parameters.",
        new(224, 224, 3),
        classes: 1000,
        classes =>
        [
            Convolution("conv1", 64, 3) with { Strides = new(2, 2) },
            Pool("pool1"),
            .. Fire(2, 16, 64),
            .. Fire(3, 16, 64),
            Pool("pool3"),
            .. Fire(4, 32, 128),
            .. Fire(5, 32, 128),
            Pool("pool5"),
            .. Fire(6, 48, 192),
            .. Fire(7, 48, 192),
            .. Fire(8, 64, 256),
            .. Fire(9, 64, 256),
            new DropoutLayer { Name = "dropout" },
            Convolution("conv10", classes, 1),
            new GlobalAveragePooling2dLayer { Name = "pool10" },
        ]);

    private static IEnumerable<LayerSpec> Fire(int number, int squeeze, int expand)
    {
        var fire = $"fire{number}";
        string[] squeezed = [$"{fire}.squeeze1x1"];
        return
        [
            Convolution(squeezed[0], squeeze, 1),
            Convolution($"{fire}.expand1x1", expand, 1) with { Inputs = squeezed },
            Convolution($"{fire}.expand3x3", expand, 3) with { Inputs = squeezed, Padding = Padding2.Explicit(1, 1, 1, 1) },
            new ConcatenateLayer { Name = $"{fire}.concat", Inputs = [$"{fire}.expand1x1", $"{fire}.expand3x3"] },
        ];
    }

    private static Conv2dLayer Convolution(string name, int filters, int kernel) =>
        new() { Name = name, Filters = filters, KernelSize = new(kernel, kernel), Activation = ActivationKind.Relu };

    private static MaxPooling2dLayer Pool(string name) => new() { Name = name, PoolSize = new(3, 3), Strides = new(2, 2) };
}
