using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Architecture;

public sealed class NetworkSpecValidatorTests
{
    private const ActivationKind Softmax = ActivationKind.Softmax;
    private const ActivationKind Sigmoid = ActivationKind.Sigmoid;

    /// <summary>A network that breaks one rule, the path of the field and a part of the message.</summary>
    public static TheoryData<string, NetworkSpec, string, string> Guilty => new()
    {
        { "no layer", new(Some.Image, []), "layers", "must hold 1 to 2000 layers, received 0" },
        { "too many layers", new(Some.Image, [.. Enumerable.Repeat(new DropoutLayer(), 2001)]), "layers", "received 2001" },
        { "null layer", new(Some.Image, [null!, new FlattenLayer()]), "layers[0]", "received null" },
        { "null input", new(null!, [new FlattenLayer()]), "input", "must be given" },
        { "low", Some.Headed(new(0, 8, 3)), "input.height", "must be between 1 and 1024, received 0" },
        { "wide", Some.Headed(new(8, 1025, 3)), "input.width", "received 1025" },
        { "alpha", Some.Headed(new(8, 8, 4)), "input.channels", "must be 1 (grey) or 3 (red, green, blue), received 4" },
        { "bad name", Some.Headed(Some.Image, new DropoutLayer { Name = "a/b" }), "layers[0].name", "received \"a/b\"" },
        { "reserved", Some.Headed(Some.Image, new DropoutLayer { Name = "classes" }), "layers[0].name", "reserved" },
        { "reserved upper", Some.Headed(Some.Image, new DropoutLayer { Name = "Feature-Maps" }), "layers[0].name", "reserved" },
        { "reserved input", Some.Headed(Some.Image, new DropoutLayer { Name = "input" }), "layers[0].name", "reserved" },
        { "twice", Some.Headed(Some.Image, new DropoutLayer { Name = "flat" }), "layers[1].name", "must be unique" },
        { "no filters", Conv(new() { Filters = 0 }), "layers[0].filters", "must be between 1 and 65536, received 0" },
        { "many filters", Conv(new() { Filters = 65_537 }), "layers[0].filters", "received 65537" },
        { "kernel 0", Conv(new() { Filters = 4, KernelSize = new(0, 3) }), "layers[0].kernelSize", "received [0, 3]" },
        { "kernel 65", Conv(new() { Filters = 4, KernelSize = new(3, 65) }), "layers[0].kernelSize", "received [3, 65]" },
        { "kernel too large", Conv(new() { Filters = 4, KernelSize = new(9, 3) }), "layers[0].kernelSize",
            "must fit into its input of 8 by 8" },
        { "dilated too far", Conv(new() { Filters = 4, Dilation = new(4, 4) }), "layers[0].kernelSize", "received a window of 9 by 9" },
        { "stride 0", Conv(new() { Filters = 4, Strides = new(0, 1) }), "layers[0].strides", "received [0, 1]" },
        { "l2 below 0", Conv(new() { Filters = 4, L2 = -0.1 }), "layers[0].l2", "received -0.1" },
        { "dilation 0", Conv(new() { Filters = 4, Dilation = new(1, 0) }), "layers[0].dilation", "received [1, 0]" },
        { "padding below 0", Conv(new() { Filters = 4, Padding = Padding2.Explicit(0, -1, 0, 0) }), "layers[0].padding",
            "received [0, -1, 0, 0]" },
        { "padding above", Conv(new() { Filters = 4, Padding = Padding2.Explicit(0, 0, 1025, 0) }), "layers[0].padding", "0 to 1024" },
        { "groups 0", Conv(new() { Filters = 4, Groups = 0 }), "layers[0].groups", "received 0" },
        { "groups and filters", Conv(new() { Filters = 4, Groups = 3 }), "layers[0].groups", "must divide the filters (4), received 3" },
        { "groups and channels", Conv(new() { Filters = 4, Groups = 2 }), "layers[0].groups",
            "must divide the input's channels (3), received 2" },
        { "pool 0", Some.Headed(Some.Image, new MaxPooling2dLayer { PoolSize = new(0, 2) }), "layers[0].poolSize", "received [0, 2]" },
        { "pool too large", Some.Headed(Some.Image, new AveragePooling2dLayer { PoolSize = new(9, 9) }), "layers[0].poolSize", "must fit" },
        { "pool stride", Some.Headed(Some.Image, new MaxPooling2dLayer { Strides = new(2, 1025) }), "layers[0].strides", "[2, 1025]" },
        { "pool in padding", Some.Headed(Some.Image, new AveragePooling2dLayer { Padding = Padding2.Explicit(2, 0, 0, 0) }),
            "layers[0].padding", "must be 0 to 1 above" },
        { "reflected too far", Conv(new() { Filters = 4, Padding = Padding2.Explicit(0, 8, 0, 0), PaddingMode = PaddingMode.Reflect }),
            "layers[0].padding", "must stay below the map's 8 by 8 cells" },
        { "pad same", Some.Headed(Some.Image, new Padding2dLayer { Padding = Padding2.Same }), "layers[0].padding", "must be explicit" },
        { "pad below 0", Some.Headed(Some.Image, new Padding2dLayer { Padding = Padding2.Explicit(0, 0, -1, 0) }), "layers[0].padding",
            "received [0, 0, -1, 0]" },
        { "pad reflected",
            Some.Headed(Some.Image, new Padding2dLayer
            {
                Padding = Padding2.Explicit(8, 0, 0, 0),
                PaddingMode = PaddingMode.Reflect,
            }), "layers[0].padding", "must stay below" },
        { "even size", Some.Headed(Some.Image, new LocalResponseNormalizationLayer { Size = 4 }), "layers[0].size",
            "must be odd, 1 to 1023, received 4" },
        { "groups of a normalization", Some.Headed(Some.Image, new LayerNormalizationLayer { Groups = 2 }), "layers[0].groups",
            "must divide the input's channels (3), received 2" },
        { "no groups", Some.Headed(Some.Image, new LayerNormalizationLayer { Groups = 0 }), "layers[0].groups", "received 0" },
        { "elementwise at each place", Some.Headed(Some.Image, new LayerNormalizationLayer { Elementwise = true }),
            "layers[0].elementwise", "groups 1" },
        { "epsilon 0", Some.Headed(Some.Image, new LayerNormalizationLayer { Epsilon = 0 }), "layers[0].epsilon", "received 0" },
        { "no channels", Some.Headed(Some.Image, new SelectChannelsLayer()), "layers[0].channels", "received 0" },
        { "channel below 0", Some.Headed(Some.Image, new SelectChannelsLayer { Channels = [0, -1] }), "layers[0].channels",
            "received 2, the lowest -1" },
        { "channel of none", Some.Headed(Some.Image, new SelectChannelsLayer { Channels = [0, 3] }), "layers[0].channels",
            "must be below the input's number of channels (3), received 3" },
        { "bias 0", Some.Headed(Some.Image, new LocalResponseNormalizationLayer { Bias = 0 }), "layers[0].bias", "received 0" },
        { "clip inside", Conv(new() { Filters = 4, Activation = ActivationKind.Clip }), "layers[0].activation", "clip needs its bounds" },
        { "clip without bounds", Some.Headed(Some.Image, new ActivationLayer { Activation = ActivationKind.Clip }), "layers[0]",
            "must have a minimum, a maximum or both" },
        { "clip upside down", Some.Headed(Some.Image, new ActivationLayer { Activation = ActivationKind.Clip, Minimum = 1, Maximum = 0.5 }),
            "layers[0].maximum", "must not be below the minimum (1), received 0.5" },
        { "slope of relu", Some.Headed(Some.Image, new ActivationLayer { Slope = 0.2 }), "layers[0].slope",
            "belongs to leakyRelu, elu, hardSigmoid only" },
        { "endless slope",
            Some.Headed(Some.Image, new ActivationLayer
            {
                Activation = ActivationKind.LeakyRelu,
                Slope = double.PositiveInfinity,
            }), "layers[0].slope", "must be between" },
        { "offset of elu", Some.Headed(Some.Image, new ActivationLayer { Activation = ActivationKind.Elu, Offset = 0.2 }),
            "layers[0].offset", "belongs to hardSigmoid only" },
        { "product of one", Some.Headed(Some.Image, new MultiplyLayer()), "layers[0].inputs", "must name 2 to 256 layers, received 1" },
        { "product of channels",
            Some.Headed(Some.Image, new Conv2dLayer
            {
                Name = "a",
                Filters = 4,
            }, new GlobalMaxPooling2dLayer
            {
                Name = "b",
                Inputs = ["input"],
            }, new MultiplyLayer { Inputs = ["a", "b"] }), "layers[2].inputs", "one value a channel or a place, received [4, 6, 6], [3]" },
        { "momentum", Some.Headed(Some.Image, new BatchNormalizationLayer { Momentum = 1.5 }), "layers[0].momentum",
            "must be between 0 and 1, received 1.5" },
        { "epsilon", Some.Headed(Some.Image, new BatchNormalizationLayer { Epsilon = 0 }), "layers[0].epsilon", "received 0" },
        { "no number", Some.Headed(Some.Image, new BatchNormalizationLayer { Momentum = double.NaN }), "layers[0].momentum",
            "received NaN" },
        { "rate 1", Some.Headed(Some.Image, new DropoutLayer { Rate = 1 }), "layers[0].rate", "must be 0 or more and below 1, received 1" },
        { "rate below 0", Some.Headed(Some.Image, new DropoutLayer { Rate = -0.1 }), "layers[0].rate", "received -0.1" },
        { "dense on a map", new(Some.Image, [new DenseLayer()]), "layers[0]", "put a flatten or globalAveragePooling2d layer before it" },
        { "conv on a vector", new(Some.Image, [new FlattenLayer(), new Conv2dLayer { Filters = 1 }, new FlattenLayer(), new DenseLayer()]),
            "layers[1]", "(conv2d) takes a map" },
        { "units below 0", new(Some.Image, [new FlattenLayer(), new DenseLayer { Units = -1 }]), "layers[1].units", "received -1" },
        { "units above", new(Some.Image, [new FlattenLayer(), new DenseLayer { Units = 65_537 }, new DenseLayer()]), "layers[1].units",
            "65537" },
        { "unknown input", Some.Headed(Some.Image, new DropoutLayer { Inputs = ["nowhere"] }), "layers[0].inputs[0]",
            "must name an earlier layer or \"input\", received \"nowhere\"" },
        { "itself", Some.Headed(Some.Image, new DropoutLayer { Name = "a", Inputs = ["a"] }), "layers[0].inputs[0]", "received \"a\"" },
        { "later layer", Some.Headed(Some.Image, new DropoutLayer { Inputs = ["flat"] }), "layers[0].inputs[0]", "received \"flat\"" },
        { "null name", Some.Headed(Some.Image, new DropoutLayer { Inputs = [null!] }), "layers[0].inputs[0]", "received null" },
        { "no inputs", Some.Headed(Some.Image, new DropoutLayer { Inputs = [] }), "layers[0].inputs", "must name one layer, received 0" },
        { "two inputs", Some.Headed(Some.Image, new DropoutLayer { Inputs = ["input", "input"] }), "layers[0].inputs", "received 2" },
        { "add of one", Some.Headed(Some.Image, new AddLayer()), "layers[0].inputs", "must name 2 to 256 layers, received 1" },
        { "add of shapes", Some.Headed(Some.Image, new Conv2dLayer { Name = "a", Filters = 4 }, new AddLayer { Inputs = ["a", "input"] }),
            "layers[1].inputs", "must have one shape, or beside a map one value a channel or a place, received [4, 6, 6], [3, 8, 8]" },
        { "concatenate of sizes",
            Some.Headed(Some.Image, new Conv2dLayer
            {
                Name = "a",
                Filters = 4,
            }, new ConcatenateLayer { Inputs = ["a", "input"] }), "layers[1].inputs", "same height and width" },
        { "two outputs", Some.Headed(Some.Image, new Conv2dLayer { Name = "a", Filters = 4 }, new DropoutLayer { Inputs = ["input"] }),
            "layers[0]", "only the last layer is an output, received \"a\"" },
        { "map at the end", new(Some.Image, [new Conv2dLayer { Filters = 2 }]), "layers[0]",
            "must give a vector, received a map [2, 6, 6]" },
        { "outputs", new(Some.Image, [new FlattenLayer(), new DenseLayer { Units = 3 }]), "layers[1].units",
            "must give 1 or 2 outputs for 2 classes, received 3" },
        { "softmax inside", Some.Headed(Some.Image, new ActivationLayer { Activation = Softmax }), "layers[0].activation",
            "last layer only" },
        { "softmax in conv", Conv(new() { Filters = 4, Activation = Softmax }), "layers[0].activation", "last layer only" },
        { "softmax of one", new(Some.Image, [new FlattenLayer(), new DenseLayer { Activation = Softmax }]), "layers[1].activation",
            "received 1 output" },
        { "sigmoid of two", new(Some.Image, [new FlattenLayer(), new DenseLayer { Units = 2, Activation = Sigmoid }]),
            "layers[1].activation", "received 2 outputs" },
        { "map too large",
            Some.Headed(new(1024, 1024, 3), new Conv2dLayer { Filters = 65_536 }, new MaxPooling2dLayer { PoolSize = new(1022, 1022) }),
            "layers[0]", "may hold at most 2147483647 values" },
        { "padding too large", Some.Headed(new(1, 1, 3), new Conv2dLayer { Filters = 1024, KernelSize = new(1, 1) }, Wide), "layers[1]",
            "received 1024 x 2049 x 2049" },
        { "parameters", Huge, "layers", "trainable parameters in all, received 4" },
        { "multiply-adds", Slow(4), "layers", "multiply-adds an image in all, received 11" },
    };

    private static Conv2dLayer Wide => new()
    {
        Filters = 1,
        KernelSize = new(1, 1),
        Strides = new(1024, 1024),
        Padding = Padding2.Explicit(1024, 1024, 1024, 1024),
    };

    [Theory]
    [MemberData(nameof(Guilty), DisableDiscoveryEnumeration = true)]
    public void Resolve_OneBrokenRule_IsToldUnderItsPathAlone(string rule, NetworkSpec spec, string path, string part)
    {
        var errors = new ValidationErrors();

        var network = NetworkSpecValidator.Resolve(spec, 2, errors);

        Assert.Null(network);
        var (where, messages) = Assert.Single(errors.ToDictionary());
        Assert.True(where == $"architecture.{path}", $"{rule}: {Some.Text(errors)}");
        Assert.Contains(part, Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_SigmoidOfSeveral_IsTakenWhereMultiLabelIsAllowed()
    {
        var spec = new NetworkSpec(Some.Image, [new FlattenLayer(), new DenseLayer { Units = 2, Activation = Sigmoid }]);

        var network = NetworkSpecValidator.Resolve(spec, 2, new(), allowsMultiLabel: true)!;

        Assert.True(network.IsMultiLabel);
        Assert.False(network.IsSigmoid);
        Assert.Equal(ActivationKind.Linear, network.ActivationOf(network.Output));
    }

    [Fact]
    public void Resolve_ManyBrokenRules_TellsThemAll()
    {
        var spec = Some.Headed(
            new(8, 0, 3),
            new Conv2dLayer { Name = "", Filters = 0, KernelSize = new(0, 0) },
            new DropoutLayer { Rate = 2, Inputs = ["nowhere"] },
            new DenseLayer { Units = -3 });
        var errors = new ValidationErrors();

        Assert.Null(NetworkSpecValidator.Resolve(spec, 2, errors, "a"));

        Assert.Equal(
            ["a.input.width", "a.layers[0].filters", "a.layers[0].kernelSize", "a.layers[0].name", "a.layers[1].inputs[0]",
                "a.layers[1].rate", "a.layers[2].units"],
            errors.ToDictionary().Keys);
    }

    [Fact]
    public void Resolve_ErrorsFromElsewhere_DoNotCondemnTheNetwork()
    {
        var errors = new ValidationErrors();
        errors.Add("epochs", "must be between 1 and 10000, received 0");

        Assert.NotNull(NetworkSpecValidator.Resolve(Some.Headed(Some.Image), 2, errors));
    }

    [Fact]
    public void Resolve_MissingNames_AreFilledWithFreeOnes()
    {
        var network = Some.Network(
            new Conv2dLayer { Filters = 2 },
            new Conv2dLayer { Filters = 2, Name = "conv2d_2" },
            new Conv2dLayer { Filters = 2 },
            new FlattenLayer(),
            new DenseLayer());

        Assert.Equal(["conv2d_1", "conv2d_2", "conv2d_3", "flatten_1", "dense_1"], network.Layers.Select(layer => layer.Name));
        Assert.Equal(network.Layers.Select(layer => layer.Name), network.Spec.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void Resolve_ItsOwnResult_ChangesNothing()
    {
        var once = Some.Network(new MaxPooling2dLayer(), new FlattenLayer(), new DenseLayer());

        var twice = Some.Network(once.Spec);

        Assert.Equal(JsonSerializer.Serialize(once.Spec, CoreJson.Indented), JsonSerializer.Serialize(twice.Spec, CoreJson.Indented));
        Assert.Equal(once.Layers.Select(layer => layer.OutputShape), twice.Layers.Select(layer => layer.OutputShape));
    }

    [Fact]
    public void Resolve_Branches_KeepTheirInputs()
    {
        var network = Some.Network(
            new Conv2dLayer { Name = "a", Filters = 4, Padding = Padding2.Same },
            new Conv2dLayer { Name = "b", Filters = 4, Padding = Padding2.Same, Inputs = ["input"] },
            new AddLayer { Name = "sum", Inputs = ["a", "b"] },
            new ConcatenateLayer { Name = "both", Inputs = ["sum", "a", "input"] },
            new GlobalAveragePooling2dLayer { Name = "mean" },
            new DenseLayer { Name = "output" });

        Assert.Equal(["input"], network.Find("a")!.Inputs);
        Assert.Equal(["sum", "a", "input"], network.Find("both")!.Inputs);
        Assert.Equal(TensorShape.Map(11, 8, 8), network.Find("both")!.OutputShape);
        Assert.Equal(["mean"], network.Output.Inputs);
        Assert.Equal(11 + 1, network.Output.Parameters);
    }

    [Theory]
    [InlineData(Sigmoid, 0, 1)]
    [InlineData(Softmax, 2, 2)]
    public void ActivationOf_LastSigmoidOrSoftmax_IsLinear(ActivationKind activation, int units, int outputs)
    {
        var network = Some.Network(new FlattenLayer(), new DenseLayer { Units = units, Activation = activation });

        Assert.Equal(outputs, network.Outputs);
        Assert.Equal(ActivationKind.Linear, network.ActivationOf(network.Output));
        Assert.Equal(activation, ((DenseLayer)network.Output.Spec).Activation);
    }

    [Fact]
    public void ActivationOf_SigmoidInside_IsApplied()
    {
        var network = Some.Network(new ActivationLayer { Activation = Sigmoid }, new FlattenLayer(), new DenseLayer());

        Assert.Equal(Sigmoid, network.ActivationOf(network.Layers[0]));
    }

    [Fact]
    public void Resolve_TwoThousandStridesOverOneCell_GivesNoFieldAndNoOverflow()
    {
        var layers = Enumerable.Repeat(new MaxPooling2dLayer { PoolSize = new(1, 1), Strides = new(1024, 1024) }, 1998);

        var network = Some.Network(Some.Headed(Some.Image, layers));

        Assert.Null(network.Layers[1997].Field);
    }

    [Fact]
    public void Resolve_WithoutClasses_TakesAMapAsItsEnd()
    {
        var network = NetworkSpecValidator.Resolve(
            new(Some.Image, [new Conv2dLayer
            {
                Filters = 4,
                Activation = Sigmoid,
            }]), NetworkSpecValidator.NoClasses, new ValidationErrors());

        Assert.NotNull(network);
        Assert.False(network.HasClasses);
        Assert.False(network.IsSigmoid);
        Assert.Equal(Sigmoid, network.ActivationOf(network.Output));
        Assert.Equal(TensorShape.Map(4, 6, 6), network.Output.OutputShape);
    }

    [Fact]
    public void Resolve_WithoutClasses_RefusesWhatMeansClasses()
    {
        var errors = new ValidationErrors();
        var spec = new NetworkSpec(Some.Image, [new FlattenLayer(), new DenseLayer { Activation = Softmax }]);

        Assert.Null(NetworkSpecValidator.Resolve(spec, NetworkSpecValidator.NoClasses, errors));
        var found = errors.ToDictionary();
        Assert.Equal(["architecture.layers[1].activation", "architecture.layers[1].units"], found.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("shall have no classes", found["architecture.layers[1].units"][0], StringComparison.Ordinal);
    }

    private static NetworkSpec Conv(Conv2dLayer layer) => Some.Headed(Some.Image, layer);

    private static NetworkSpec Huge => Some.Headed(
        new(1, 1, 3),
        new Conv2dLayer { Filters = 65_536, KernelSize = new(1, 1) },
        new Conv2dLayer { Filters = 65_536, KernelSize = new(1, 1) });

    /// <summary>Large maps and kernels below every other limit: each layer has 2.8e15 multiply-adds.</summary>
    private static NetworkSpec Slow(int layers) => new(
        new(1024, 1024, 1),
        [
            new Conv2dLayer { Filters = 340, KernelSize = new(1, 1), Padding = Padding2.Explicit(713, 713, 713, 713) },
            .. Enumerable.Repeat(new Conv2dLayer { Filters = 340, KernelSize = new(64, 64), Padding = Padding2.Same }, layers),
            new GlobalAveragePooling2dLayer(),
            new DenseLayer(),
        ]);
}
