using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Torch.Augmenting;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Devices;

/// <summary>Layers, presets, preprocessing and augmentation on another device than the processor.</summary>
[Collection(TorchSuite.Name)]
public sealed class LazyNetworkTests
{
    private static readonly Dictionary<string, AugmentationSpec> Augmentations = new(StringComparer.Ordinal)
    {
        ["article"] = AugmentationSpec.Article,
        ["strong"] = AugmentationSpec.Strong,
        ["zeros around"] = new() { Rotation = 30, Fill = FillMode.Zeros },
        ["flips"] = new() { HorizontalFlip = true, VerticalFlip = true },
        ["brightness"] = new() { Brightness = 0.3 },
        ["contrast"] = new() { Contrast = 0.3 },
        ["saturation"] = new() { Saturation = 0.3 },
        ["cutout"] = new() { Cutout = 0.5 },
    };

    public static TheoryData<string> Cases => [.. Reference.Cases.Select(example => example.Name)];

    public static TheoryData<string> AugmentationNames => [.. Augmentations.Keys];

    /// <summary>The presets that are small enough for the device's compiler, with a side that each allows.</summary>
    public static TheoryData<string, int> Presets => new()
    {
        { "article-cnn", 64 }, { "lenet5", 32 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_EveryLayerKind_GivesWhatPyTorchGives(string name)
    {
        var example = Reference.Cases.First(one => one.Name == name);
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(
            example.Resolve(), Reference.Under($"{name}/weight/"), LazyDevice.Device, ScalarType.Float32);
        network.Tensors.RequireGradients(true);
        var x = Reference.Tensors[$"{name}/x"];
        var input = tensor(x.Data, [.. x.Shape.Select(size => (long)size)], device: LazyDevice.Device);
        var labels = tensor(Reference.Tensors[$"{name}/labels"].Data, device: LazyDevice.Device).to_type(ScalarType.Int64);

        var logits = network.Forward(input, example.Training ? ForwardMode.Training : ForwardMode.Evaluation);

        AssertClose(Reference.Tensors[$"{name}/value/{network.Network.Output.Name}"].Data, TensorValues.Read(logits).Data, name);
        Assert.SkipWhen(network.Network.Layers.Any(layer => Clamps(network.Network.FunctionOf(layer).Kind)), "It lacks clamp's gradient.");
        foreach (var (tensor, gradient) in Gradients(network, Losses.CrossEntropy(logits, labels)))
        {
            AssertClose(Reference.Tensors[$"{name}/gradient/{tensor}"].Data, gradient, tensor);
        }
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Step_EveryPreset_GivesTheProcessorsGradients(string name, int side)
    {
        Assert.True(PresetCatalog.TryFind(name, out var preset));
        var errors = new ValidationErrors();
        var network = NetworkSpecValidator.Resolve(preset.Create(2, preset.DefaultInput with { Height = side, Width = side }), 2, errors);
        Assert.False(errors.Any, string.Join("; ", errors.ToDictionary().Select(error => $"{error.Key} {error.Value[0]}")));
        using var scope = NewDisposeScope();
        var weights = InitialWeights.Create(network!, seed: 3);
        var channels = network!.Spec.Input.Channels;
        var pixels = Some.Bytes(2 * channels * side * side).Select(value => value / 255f).ToArray();

        var expected = Gradients(CPU);
        var gradients = Gradients(LazyDevice.Device);

        foreach (var (tensor, values) in expected)
        {
            AssertClose(values, gradients[tensor], tensor, 1e-3);
        }

        Dictionary<string, float[]> Gradients(Device device)
        {
            using var computed = new TorchNetwork(network, weights, device, ScalarType.Float32);
            computed.Tensors.RequireGradients(true);
            var logits = computed.Forward(
                tensor(pixels, [2, channels, side, side], device: device), ForwardMode.Training, dropoutKey: 11);
            return LazyNetworkTests.Gradients(computed, Losses.CrossEntropy(logits, tensor([0L, 1L], device: device)));
        }
    }

    [Theory]
    [MemberData(nameof(AugmentationNames))]
    public void Apply_EveryAugmentation_GivesTheProcessorsPixels(string name)
    {
        using var scope = NewDisposeScope();
        var (bytes, size) = (Some.Bytes(5 * 18 * 20 * 3), new InputSpec(18, 20, 3));

        AssertClose(Changed(CPU), Changed(LazyDevice.Device), name);

        float[] Changed(Device device)
        {
            using var augmenter = BatchAugmenter.Create(Augmentations[name], 1, size, device)!;
            return TensorValues.Read(augmenter.Apply(tensor(bytes, [5, 18, 20, 3], device: device), [4, 0, 7, 1, 2], 3)).Data;
        }
    }

    [Fact]
    public void FromBytes_EveryKindOfPreprocessing_GivesTheProcessorsValues()
    {
        using var scope = NewDisposeScope();
        var rescaled = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []);
        foreach (var preprocessing in new[]
        {
            rescaled,
            rescaled with { ChannelOrder = ChannelOrder.Bgr, Mean = [0.1, 0.2, 0.3], Std = [0.4, 0.5, 0.6] },
            rescaled with { Matrix = [[1, 0.5, 0], [0, 1, 0.25], [0.125, 0, 1]] },
        })
        {
            AssertClose(Values(CPU), Values(LazyDevice.Device), $"{preprocessing}");

            float[] Values(Device device)
            {
                using var steps = new TensorPreprocessing(preprocessing, device);
                return TensorValues.Read(steps.FromBytes(tensor(Some.Bytes(2 * 4 * 5 * 3), [2, 4, 5, 3], device: device))).Data;
            }
        }
    }

    [Fact]
    public void Dropout_OfAKey_IsTheSameOnEveryDevice()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(Dropped(CPU), Dropped(LazyDevice.Device));

        static float[] Dropped(Device device)
        {
            using var masks = new DropoutMasks(device);
            return TensorValues.Read(masks.Apply(ones([7, 13, 5], device: device), 0.3, 0x1234_5678_9ABC_DEF0)).Data;
        }
    }

    private static bool Clamps(ActivationKind kind) => kind is ActivationKind.Clip or ActivationKind.HardSigmoid;

    /// <summary>As a training takes them: what the device does not know then is an exception and not the end of the process.</summary>
    private static Dictionary<string, float[]> Gradients(TorchNetwork network, Tensor loss)
    {
        autograd.backward([loss], inputs: [.. network.Tensors.Trained.Select(name => network.Tensors[name])]);
        return network.Tensors.Trained.ToDictionary(name => name, name => TensorValues.Read(network.Tensors[name].grad!).Data);
    }

    private static void AssertClose(float[] expected, float[] actual, string what, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * scale, $"{what}[{i}]: expected {expected[i]}, is {actual[i]}");
        }
    }
}
