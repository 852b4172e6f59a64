using System.Diagnostics;
using System.Runtime.InteropServices;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Quantization;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using CnnService.Onnx.Quantization;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Onnx.Quantization;

public sealed class OnnxQuantizerTests
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Values that share a scale, each a line of the network below.</summary>
    private static readonly string[][] Rounded =
    [
        ["input"], ["stem"], ["branch"], ["sum"], ["left", "right", "joined", "small", "flat"], ["hidden"],
    ];

    /// <summary>
    /// No pixel lies in the middle of two integers, as whole levels do with round numbers: float32 and float64 would round it differently.
    /// </summary>
    private static readonly Preprocessing Uneven = Some.Preprocessing() with
    {
        Mean = [0.4713, 0.4877, 0.4791],
        Std = [0.06271, 0.06893, 0.07417],
    };

    private static readonly OnnxQuantizer Quantizer = new(Options.Create(new ServingOptions()), TimeProvider.System);

    /// <summary>The layers with weights of the network below, each with the value it reads.</summary>
    private static readonly (string Layer, string Input)[] Inputs =
        [("stem", "input"), ("branch", "stem"), ("left", "sum"), ("right", "sum"), ("hidden", "flat"), ("out", "hidden")];

    private static readonly OnnxRunnerFactory Runners = new(Options.Create(new ServingOptions()));

    [Fact]
    public void Quantize_OfABranchyNetwork_ComputesAsRoundingEachValueByHand()
    {
        var network = Branchy();
        var weights = Some.Weights(network);
        byte[][] images = [.. Enumerable.Range(0, 6).Select(seed => Some.Image(network, (ulong)seed))];
        var quantized = Quantize(network, weights, images);
        using var runner = Runners.Load(quantized.File, Uneven).Value;
        var simulated = Simulate(network, weights, images);
        var exact = new NaiveNetwork(network, weights, Uneven);

        var (fromSimulated, fromExact) = (0.0, 0.0);
        foreach (var image in images)
        {
            var logits = runner.Logits(new(image, 1, 8, 8, 3));
            fromSimulated += simulated.Logits(image).Zip(logits, (expected, logit) => Math.Abs(expected - logit)).Sum();
            fromExact += exact.Logits(image).Zip(logits, (expected, logit) => Math.Abs(expected - logit)).Sum();
        }

        // What float32 and float64 round to different integers is rare: the rest is what rounding does, and both do it alike.
        Assert.True(fromSimulated < fromExact / 10, $"{fromSimulated} from the simulation, {fromExact} from float64");
        Assert.Equal(6, quantized.Quantized);
    }

    [Fact]
    public void Quantize_OfABranchyNetwork_LeavesNothingBetweenNodeActivationAndRounding()
    {
        var network = Branchy();
        var graph = Parse(Quantize(network, Some.Weights(network), [Some.Image(network, 1)]).File).Graph;
        var producers = graph.Node.ToDictionary(node => node.Output[0]);
        string KindOf(string value) => producers.TryGetValue(value, out var node) ? node.OpType : "none";
        byte[] ScaleOf(string value) =>
            graph.Initializer.First(tensor => tensor.Name == $"{value}/quantization/scale").RawData.ToByteArray();

        foreach (var node in graph.Node.Where(node => node.OpType is "Conv" or "Gemm" or "Add"))
        {
            Assert.All(node.Input, input => Assert.Equal("DequantizeLinear", KindOf(input)));
        }

        foreach (var node in graph.Node.Where(node => node.OpType == "QuantizeLinear"))
        {
            Assert.Contains(KindOf(node.Input[0]), (string[])["none", "Relu", "Conv", "Concat", "MaxPool", "Flatten"]);
        }

        Assert.All(
            graph.Node.Where(node => node.OpType == "Relu"),
            node => Assert.Contains(KindOf(node.Input[0]), (string[])["Conv", "Add", "Gemm"]));
        Assert.All(Rounded[4], value => Assert.Equal(ScaleOf("joined"), ScaleOf(value)));
        Assert.NotEqual(ScaleOf("sum"), ScaleOf("stem"));
        Assert.DoesNotContain(graph.Node, node => node.OpType is "Sum" or "Identity" && node.Output[0] != "logits");
    }

    [Fact]
    public void Quantize_OfALayer_StoresTheWeightsOfTheClosedFormula()
    {
        var network = Branchy();
        var weights = Some.Weights(network);
        var graph = Parse(Quantize(network, weights, [Some.Image(network, 1)]).File).Graph;
        var stored = graph.Initializer.ToDictionary(tensor => tensor.Name);
        var kernel = weights["left.weight"];
        var (channels, width) = (kernel.Shape[0], kernel.Data.Length / kernel.Shape[0]);
        var integers = MemoryMarshal.Cast<byte, sbyte>(stored["left/preactivation/quantization/weights/integers"].RawData.Span).ToArray();
        var scales = Floats(stored["left/preactivation/quantization/weights/scales"]);
        var biases = MemoryMarshal.Cast<byte, int>(stored["left/preactivation/quantization/biases/integers"].RawData.Span).ToArray();
        var input = Floats(stored["sum/quantization/scale"])[0];

        for (var channel = 0; channel < channels; channel++)
        {
            var row = kernel.Data[(channel * width)..((channel + 1) * width)];
            var scale = row.Max(Math.Abs) / 127;
            Assert.Equal(scale, scales[channel], 1e-9f);
            Assert.Equal(
                row.Select(weight => (int)Math.Round(weight / scale)),
                integers[(channel * width)..((channel + 1) * width)].Select(integer => (int)integer));
            Assert.Equal(weights["left.bias"].Data[channel] / (input * scale), biases[channel], 0.51);
        }
    }

    [Fact]
    public async Task Quantize_OfEveryKindOfNetwork_StaysNearItAndPassesPythonsFullCheck()
    {
        ResolvedNetwork[] networks = [.. NetworkCases.All.Values.Select(create => create()),
            .. Enumerable.Range(0, 30).Select(seed => NetworkCases.Random((ulong)seed))];
        var folder = Directory.CreateTempSubdirectory("cnn-int8-").FullName;
        try
        {
            var refused = networks.Index().Count(entry => !IsNear(entry.Item, Path.Combine(folder, $"{entry.Index:000}.onnx")));
            Assert.InRange(refused, 1, networks.Length / 5); // Only heads behind a global pooling.
            await CheckAsync(folder, TestContext.Current.CancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Calibrate_OfAClassifierOfPooledFeaturesAlone_IsRefused()
    {
        var network = Some.Network(3, new(8, 8, 3), new GlobalAveragePooling2dLayer { Name = "mean" }, new DenseLayer { Name = "head" });
        var file = new OnnxExporter().Export(network, Some.Weights(network), Some.Classes(3), Some.Preprocessing());
        var problem = Quantizer.Calibrate(file, Some.Preprocessing(), [], TestContext.Current.CancellationToken).Problem;

        Assert.Equal((ProblemKind.Unprocessable, "quantization.unsupported"), (problem?.Kind, problem?.Code));
    }

    private static ResolvedNetwork Branchy() => Some.Network(
        3,
        new(8, 8, 3),
        new Conv2dLayer { Name = "stem", Filters = 4, Padding = Padding2.Same, Activation = ActivationKind.Relu },
        new Conv2dLayer { Name = "branch", Filters = 4, Padding = Padding2.Same },
        new AddLayer { Name = "sum", Inputs = ["branch", "stem"], Activation = ActivationKind.Relu },
        new Conv2dLayer { Name = "left", Filters = 3, KernelSize = new(1, 1), Activation = ActivationKind.Relu },
        new Conv2dLayer { Name = "right", Filters = 5, Padding = Padding2.Same, Activation = ActivationKind.Relu, Inputs = ["sum"] },
        new ConcatenateLayer { Name = "joined", Inputs = ["left", "right"] },
        new MaxPooling2dLayer { Name = "small" },
        new FlattenLayer { Name = "flat" },
        new DenseLayer { Name = "hidden", Units = 10, Activation = ActivationKind.Relu },
        new DropoutLayer { Name = "drop" },
        new DenseLayer { Name = "out" });

    private static QuantizedNetwork Quantize(ResolvedNetwork network, NamedWeights weights, byte[][] images)
    {
        var (height, width, channels) = network.Spec.Input;
        var file = new OnnxExporter().Export(
            network, weights, Some.Classes(network.Classes), Uneven, new() { FoldBatchNormalization = true });
        return Quantizer.Calibrate(
                file, Uneven, images.Select(image => new PixelBatch(image, 1, height, width, channels)), CancellationToken.None)
            .Bind(ranges => Quantizer.Quantize(file, ranges)).Value;
    }

    /// <summary>The network in float64 with weights and values rounded as the definition of the scheme says.</summary>
    private static NaiveNetwork Simulate(ResolvedNetwork network, NamedWeights weights, byte[][] images)
    {
        var exact = new NaiveNetwork(network, weights, Uneven);
        var seen = images.Select(image => exact.Run(image)).ToArray();
        var steps = new Dictionary<string, (double Scale, double Zero)>();
        foreach (var group in Rounded)
        {
            var all = group.SelectMany(value => seen.SelectMany(values => values[value].Data)).Append(0).ToArray();
            var scale = (all.Max() - all.Min()) / 255;
            foreach (var value in group)
            {
                steps[value] = (scale, Math.Round(-all.Min() / scale));
            }
        }

        return new(network, Round(weights, Inputs.ToDictionary(one => one.Layer, one => steps[one.Input].Scale)), Uneven)
        {
            Seen = (name, value) => !steps.TryGetValue(name, out var step) ? value : value.Map(
                number => (Math.Clamp(Math.Round(number / step.Scale) + step.Zero, 0, 255) - step.Zero) * step.Scale),
        };
    }

    /// <summary>Weights in steps of their channel's scale, biases in steps of that times the input's.</summary>
    private static NamedWeights Round(NamedWeights weights, Dictionary<string, double> inputScales)
    {
        var rounded = new NamedWeights();
        foreach (var (layer, inputScale) in inputScales)
        {
            var (kernel, bias) = (weights[$"{layer}.weight"], weights[$"{layer}.bias"]);
            var width = kernel.Data.Length / kernel.Shape[0];
            double Scale(int channel) => kernel.Data.Skip(channel * width).Take(width).Max(Math.Abs) / 127;
            float Step(float value, double step) => (float)(Math.Round(value / step) * step);
            rounded.Add($"{layer}.weight", new(kernel.Shape, [.. kernel.Data.Select((weight, i) => Step(weight, Scale(i / width)))]));
            rounded.Add($"{layer}.bias", new(bias.Shape, [.. bias.Data.Select((value, i) => Step(value, Scale(i) * inputScale))]));
        }

        return rounded;
    }

    /// <summary>Writes the 8-bit network and holds its logits to those of float64; false where nothing of it can be quantized.</summary>
    private static bool IsNear(ResolvedNetwork network, string path)
    {
        var (height, width, channels) = network.Spec.Input;
        var (weights, preprocessing) = (Some.Weights(network), Some.Preprocessing(channels));
        byte[][] images = [.. Enumerable.Range(0, 4).Select(seed => Some.Image(network, (ulong)seed))];
        var file = new OnnxExporter().Export(
            network, weights, Some.Classes(network.Classes), preprocessing, new() { FoldBatchNormalization = true });
        var made = Quantizer.Calibrate(
                file, preprocessing, images.Select(image => new PixelBatch(image, 1, height, width, channels)), CancellationToken.None)
            .Bind(ranges => Quantizer.Quantize(file, ranges));
        if (!made.Succeeded)
        {
            Assert.Equal("quantization.unsupported", made.Problem.Code);
            return false;
        }

        File.WriteAllBytes(path, made.Value.File);
        using var runner = Runners.Load(made.Value.File, preprocessing).Value;
        var naive = new NaiveNetwork(network, weights, preprocessing);
        foreach (var image in images)
        {
            Near.Equal(naive.Logits(image), runner.Logits(new(image, 1, height, width, channels)), 0.25, Path.GetFileName(path));
        }

        return true;
    }

    private static async Task CheckAsync(string folder, CancellationToken cancel)
    {
        const string script = """
            import glob, sys, onnx
            for path in sorted(glob.glob(sys.argv[1] + '/*.onnx')):
                onnx.checker.check_model(onnx.load(path), full_check=True)
            print('sound')
            """;
        var probe = File.Exists(Python) ? await RunAsync(["-c", "import onnx"], cancel) : (Code: 1, Output: "", Errors: "");
        Assert.SkipUnless(probe.Code == 0, "needs /usr/bin/python3 with onnx");
        var (code, output, errors) = await RunAsync(["-c", script, folder], cancel);
        Assert.True(code == 0, errors);
        Assert.Equal("sound", output.Trim());
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output, await errors);
    }

    private static ModelProto Parse(byte[] file) => ModelProto.Parser.ParseFrom(file);

    private static float[] Floats(TensorProto tensor) => MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
}
