using System.Text;
using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Architecture;

public sealed class NetworkSpecJsonTests
{
    private const string Image = """ "input": {"height":150,"width":150,"channels":3} """;

    /// <summary>One layer as people send it, the path of its fault and a part of the message.</summary>
    public static TheoryData<string, string, string> BadLayers => new()
    {
        { "7", "layers[0]", "must be a layer {\"type\": …}, received 7" },
        { "null", "layers[0]", "received null" },
        { "{}", "layers[0].type",
            "must be one of activation, add, averagePooling2d, batchNormalization, concatenate, conv2d, dense, dropout, flatten, "
            + "globalAveragePooling2d, globalMaxPooling2d, layerNormalization, localResponseNormalization, maxPooling2d, multiply, "
            + "padding2d, prelu, selectChannels, received nothing" },
        { """{"type":"conv3d"}""", "layers[0].type", "received \"conv3d\"" },
        { """{"type":7}""", "layers[0].type", "received 7" },
        { """{"type":"\ud800"}""", "layers[0].type", "must be text of whole characters" },
        { """{"type":"flatten","\ud800":1}""", "layers[0].?", "must have a name of whole characters" },
        { """{"type":"flatten","type":"flatten"}""", "layers[0].type", "must be given once" },
        { """{"type":"flatten","name":"a","name":"b"}""", "layers[0].name", "must be given once" },
        { """{"type":"flatten","units":3}""", "layers[0].units", "is not a field here; the fields are type, name, inputs" },
        { """{"type":"dense","Units":3}""", "layers[0].Units", "is not a field here" },
        { """{"type":"flatten","name":7}""", "layers[0].name", "must be text, received 7" },
        { """{"type":"conv2d","filters":"many"}""", "layers[0].filters", "must be a whole number, received \"many\"" },
        { """{"type":"conv2d","filters":1.5}""", "layers[0].filters", "must be a whole number, received 1.5" },
        { """{"type":"conv2d","filters":9999999999}""", "layers[0].filters", "received 9999999999" },
        { """{"type":"conv2d","filters":null}""", "layers[0].filters", "received null" },
        { """{"type":"conv2d","kernelSize":[3]}""", "layers[0].kernelSize", "must be a whole number or [height, width], received [3]" },
        { """{"type":"conv2d","kernelSize":[3,3,3]}""", "layers[0].kernelSize", "received [3,3,3]" },
        { """{"type":"conv2d","kernelSize":1e99}""", "layers[0].kernelSize", "received 1e99" },
        { """{"type":"conv2d","kernelSize":null}""", "layers[0].kernelSize", "received null" },
        { """{"type":"conv2d","kernelSize":{"height":3}}""", "layers[0].kernelSize", "received {\"height\":3}" },
        { """{"type":"conv2d","padding":"full"}""", "layers[0].padding", "must be \"same\", \"valid\", a whole number, [height, width]" },
        { """{"type":"conv2d","padding":[1,2,3]}""", "layers[0].padding", "received [1,2,3]" },
        { """{"type":"conv2d","padding":1.5}""", "layers[0].padding", "received 1.5" },
        { """{"type":"conv2d","kernelInitializer":"lecunNormal"}""", "layers[0].kernelInitializer",
            "must be one of glorotUniform, glorotNormal, heUniform, heNormal, received" },
        { """{"type":"dense","l2":"much"}""", "layers[0].l2", "must be a number, received \"much\"" },
        { """{"type":"conv2d","paddingMode":"mirror"}""", "layers[0].paddingMode",
            "must be one of zeros, edge, reflect, received \"mirror\"" },
        { """{"type":"conv2d","useBias":1}""", "layers[0].useBias", "must be true or false, received 1" },
        { """{"type":"conv2d","activation":"softplus"}""", "layers[0].activation",
            "must be one of linear, relu, leakyRelu, sigmoid, tanh, gelu, silu, hardSwish, elu, relu6, hardSigmoid, clip, selu, mish, "
            + "geluTanh, softmax" },
        { """{"type":"conv2d","activation":1}""", "layers[0].activation", "received 1" },
        { """{"type":"dense","units":0}""", "layers[0].units", "must be a whole number from 1 or \"classes\", received 0" },
        { """{"type":"dense","units":"all"}""", "layers[0].units", "received \"all\"" },
        { """{"type":"dropout","rate":"half"}""", "layers[0].rate", "must be a number, received \"half\"" },
        { """{"type":"dropout","rate":null}""", "layers[0].rate", "must be a number, received null" },
        { """{"type":"add","inputs":"a"}""", "layers[0].inputs", "must be a list of layer names, received \"a\"" },
        { """{"type":"add","inputs":[1]}""", "layers[0].inputs", "received [1]" },
        { """{"type":"selectChannels","channels":["red"]}""", "layers[0].channels", "must be a list of whole numbers, received [" },
        { """{"type":"layerNormalization","groups":1.5}""", "layers[0].groups", "must be a whole number, received 1.5" },
    };

    /// <summary>A network as people send it, the path of its fault and a part of the message.</summary>
    public static TheoryData<string, string, string> BadNetworks => new()
    {
        { "", "", "must be JSON" },
        { "{", "", "must be JSON" },
        { "[]", "", "must be an object, received []" },
        { "\"article-cnn\"", "", "must be an object, received \"article-cnn\"" },
        { "{" + Image + "}", "layers", "must be given" },
        { """{"layers":[]}""", "input", "must be given" },
        { $$"""{{{Image}}, "layers":[], "name":"mine"}""", "name", "is not a field here; the fields are input, layers" },
        { "{" + Image + ", \"layers\":{}}", "layers", "must be a list of 1 to 2000 layers, received {}" },
        { $$"""{{{Image}}, {{Image}}, "layers":[]}""", "input", "must be given once" },
        { """{"input":[150,150,3], "layers":[]}""", "input", "must be an object, received [150,150,3]" },
        { """{"input":{"height":150,"width":150}, "layers":[]}""", "input.channels", "must be given" },
        { """{"input":{"height":150,"width":"150","channels":3}, "layers":[]}""", "input.width",
            "must be a whole number, received \"150\"" },
        { """{"input":{"height":1,"width":1,"channels":3,"shape":null}, "layers":[]}""", "input.shape", "is not a field here" },
    };

    [Theory]
    [MemberData(nameof(BadLayers))]
    public void Read_BadLayer_TellsPathRuleAndValue(string layer, string path, string part) =>
        AssertFault($$"""{{{Image}}, "layers":[{{layer}}]}""", path, part);

    [Theory]
    [MemberData(nameof(BadNetworks))]
    public void Read_BadNetwork_TellsPathRuleAndValue(string json, string path, string part) => AssertFault(json, path, part);

    [Fact]
    public void Read_ManyFaults_TellsThemAll()
    {
        var errors = new ValidationErrors();
        var json = """
            {"input":{"height":true}, "layers":[{"type":"conv2d","filters":"a","kernelSize":"b","extra":1}, {"type":"dense","units":[]}], "more":1}
            """;

        Assert.Null(Read(json, errors));

        Assert.Equal(
            ["architecture.input.channels", "architecture.input.height", "architecture.input.width", "architecture.layers[0].extra",
                "architecture.layers[0].filters", "architecture.layers[0].kernelSize", "architecture.layers[1].units", "architecture.more"],
            errors.ToDictionary().Keys);
    }

    [Fact]
    public void Read_LongValue_IsShortenedInTheMessage()
    {
        var errors = new ValidationErrors();

        Read($$"""{{{Image}}, "layers":[{"type":"{{new string('x', 10_000)}}"}]}""", errors);

        Assert.InRange(errors.ToDictionary()["architecture.layers[0].type"][0].Length, 100, 350);
    }

    [Fact]
    public void Read_DeepJson_IsRefused()
    {
        var errors = new ValidationErrors();

        Assert.Null(Read(string.Concat(Enumerable.Repeat("[", 100_000)), errors));
        Assert.True(errors.Any);
    }

    [Fact]
    public void Read_TypeInAnyPlaceAndShortForms_GiveTheSameLayer()
    {
        var errors = new ValidationErrors();

        var spec = Read(
            $$"""{"layers":[{"filters":8,"kernelSize":5,"padding":[1,2],"strides":[2,1],"name":"a","type":"conv2d","activation":"leakyRelu"}], {{Image}}}""", errors);

        Assert.Equal(
            new Conv2dLayer
            {
                Name = "a",
                Filters = 8,
                KernelSize = new(5, 5),
                Padding = Padding2.Explicit(1, 2, 1, 2),
                Strides = new(2, 1),
                Activation = ActivationKind.LeakyRelu,
            },
            Assert.Single(spec!.Layers));
    }

    [Fact]
    public void Write_Input_HoldsItsThreeFieldsOnly()
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(Some.Headed(Some.Image), CoreJson.Indented));

        Assert.Equal("""{"height":8,"width":8,"channels":3}""", JsonSerializer.Serialize(json.RootElement.GetProperty("input")));
    }

    [Fact]
    public void ReadOfWrite_EveryPreset_IsTheSameNetwork() => Assert.All(PresetCatalog.All, preset => AssertRoundTrip(preset.Create(10)));

    [Fact]
    public void ReadOfWrite_RandomLayers_AreTheSame()
    {
        var random = new CounterRandom(4);
        for (var round = 0; round < 500; round++)
        {
            AssertRoundTrip(
                new(new(random.NextInt32(2000), random.NextInt32(2000), random.NextInt32(9)),
                    [RandomLayer(ref random), RandomLayer(ref random)]));
        }
    }

    [Fact]
    public void Read_RandomDamage_NeverThrows()
    {
        var random = new CounterRandom(5);
        var sound = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Some.Preset("squeezenet1.1", 2).Spec, CoreJson.Indented));
        var sense = Encoding.UTF8.GetBytes("{}[]\",:0-9e.\\utnsf \u00e9");
        for (var round = 0; round < 3000; round++)
        {
            byte[] damaged = [.. sound];
            for (var i = 0; i <= random.NextInt32(3); i++)
            {
                damaged[random.NextInt32(damaged.Length)] = random.NextInt32(2) == 0
                    ? sense[random.NextInt32(sense.Length)]
                    : (byte)random.NextInt32(256);
            }

            var errors = new ValidationErrors();
            var spec = NetworkSpecJson.Read(damaged, errors);
            Assert.Equal(spec is null, errors.Any);
            if (spec is not null)
            {
                Assert.Equal(NetworkSpecValidator.Resolve(spec, 2, errors) is null, errors.Any);
            }
        }
    }

    private static NetworkSpec? Read(string json, ValidationErrors errors) => NetworkSpecJson.Read(Encoding.UTF8.GetBytes(json), errors);

    private static void AssertFault(string json, string path, string part)
    {
        var errors = new ValidationErrors();

        Assert.Null(Read(json, errors));

        var (where, messages) = Assert.Single(errors.ToDictionary());
        Assert.Equal(path.Length == 0 ? "architecture" : $"architecture.{path}", where);
        Assert.Contains(part, Assert.Single(messages), StringComparison.Ordinal);
    }

    private static void AssertRoundTrip(NetworkSpec spec)
    {
        var errors = new ValidationErrors();
        var json = JsonSerializer.Serialize(spec, CoreJson.Indented);

        var read = Read(json, errors);

        Assert.False(errors.Any, Some.Text(errors));
        Assert.Equal(spec.Input, read!.Input);
        Assert.Equal(spec.Layers.Select(WithoutInputs), read.Layers.Select(WithoutInputs));
        Assert.Equal(spec.Layers.Select(layer => layer.Inputs), read.Layers.Select(layer => layer.Inputs));
        Assert.Equal(json, JsonSerializer.Serialize(read, CoreJson.Indented));
    }

    // Records compare lists by reference.
    private static LayerSpec WithoutInputs(LayerSpec layer) => layer with { Inputs = null };

    private static LayerSpec RandomLayer(ref CounterRandom random)
    {
        var size = new Size2(random.NextInt32(100) - 50, random.NextInt32(100));
        Padding2[] paddings = [Padding2.Same, Padding2.Valid,
            Padding2.Explicit(random.NextInt32(9), random.NextInt32(9), random.NextInt32(9), random.NextInt32(9))];
        var padding = paddings[random.NextInt32(3)];
        var activation = (ActivationKind)random.NextInt32(11);
        LayerSpec layer = random.NextInt32(8) switch
        {
            0 => new Conv2dLayer
            {
                Filters = random.NextInt32(int.MaxValue),
                KernelSize = size,
                Padding = padding,
                Dilation = size,
                Groups = random.NextInt32(9),
                UseBias = random.NextInt32(2) == 0,
                PaddingMode = (PaddingMode)random.NextInt32(2),
                Activation = activation,
            },
            1 => new MaxPooling2dLayer { PoolSize = size, Strides = random.NextInt32(2) == 0 ? null : size, Padding = padding },
            2 => new AveragePooling2dLayer { PoolSize = size, Padding = padding },
            3 => new BatchNormalizationLayer { Momentum = random.NextDouble(), Epsilon = random.NextGaussian(), Activation = activation },
            4 => new DropoutLayer { Rate = random.NextDouble() },
            5 => new DenseLayer { Units = random.NextInt32(3), UseBias = random.NextInt32(2) == 0, Activation = activation },
            6 => new AddLayer { Inputs = ["a", "\u00e9 \ud83d\ude00"] },
            _ => new ActivationLayer { Activation = activation },
        };
        return layer with { Name = random.NextInt32(2) == 0 ? null : $"layer\"{random.NextInt32(99)}\u0001" };
    }
}
