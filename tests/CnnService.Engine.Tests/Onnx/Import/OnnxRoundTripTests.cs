using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Onnx.Export;
using CnnService.Engine.Tests.Torch;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>Networks over the whole vocabulary go out as ONNX and come back: TorchSharp, OnnxRuntime and TorchSharp again agree.</summary>
[Collection(TorchSuite.Name)]
public sealed class OnnxRoundTripTests
{
    private const int Networks = 300;
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Cases => [.. NetworkCases.All.Keys];

    [Fact]
    public void RandomNetworks_ComeBackAsTheyWere()
    {
        for (var seed = 0; seed < Networks; seed++)
        {
            ComesBack(NetworkCases.Random((ulong)seed), $"network {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryKindOfNetwork_ComesBackAsItWas(string name) => ComesBack(NetworkCases.All[name](), name);

    private static void ComesBack(ResolvedNetwork network, string what)
    {
        var file = OnnxExporterTests.Export(network);
        var weights = Some.Weights(network);

        var outcome = Translating.Translate(file);

        Assert.True(outcome.Succeeded, $"{what}: {outcome.Problem}");
        var back = outcome.Value;
        Assert.True(back.Unsupported.Count == 0, $"{what}: {string.Join("; ", back.Unsupported)}");
        Assert.Equal(network.Classes, back.Network.Classes);
        foreach (var (name, tensor) in weights.All)
        {
            Assert.Equal(tensor.Data, back.Weights[name].Data);
        }

        using var opened = OnnxNetwork.Open(file, Some.Preprocessing(network.Spec.Input.Channels), threads: 1).Value;
        var image = new float[opened.BytesPerImage];
        for (var i = 0; i < image.Length; i++)
        {
            image[i] = (float)Math.Sin(i * 0.7);
        }

        var expected = Torch(network, weights, image);
        var logits = opened.Run([new(1, image.ToArray(), null)], [OnnxExporter.Logits], TimeProvider.System).Tensors[0].Values.ToArray();
        Near.Equal([.. expected.Select(value => (double)value)], logits, Tolerance, what);
        Near.Equal([.. expected.Select(value => (double)value)], Torch(back.Network, back.Weights, image), Tolerance, what);
    }

    private static float[] Torch(ResolvedNetwork network, NamedWeights weights, float[] image)
    {
        using var scope = NewDisposeScope();
        using var torch = new TorchNetwork(network, weights, CPU, ScalarType.Float32);
        var input = network.Spec.Input;
        return torch.Forward(tensor(image, [1, input.Channels, input.Height, input.Width]), ForwardMode.Evaluation).data<float>().ToArray();
    }
}
