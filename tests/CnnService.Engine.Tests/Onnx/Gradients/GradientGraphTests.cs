using System.Diagnostics;
using CnnService.Core.Architecture;
using CnnService.Core.Interpretation.Classes;
using CnnService.Engine.Tests.Onnx.Serving;
using CnnService.Onnx.Gradients;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Onnx.Gradients;

[Collection(NativeMemorySuite.Name)]
public sealed class GradientGraphTests
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import glob, sys, onnx
        for path in sorted(glob.glob(sys.argv[1] + '/*.onnx')):
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
            assert (model.ir_version, model.opset_import[0].version) == (8, 17)
            assert {node.domain for node in model.graph.node} == {''}
        print('sound')
        """;

    [Fact]
    public async Task Build_OfEveryKindOfNetwork_PassesPythonsFullCheck()
    {
        var cancel = TestContext.Current.CancellationToken;
        if (!File.Exists(Python) || (await RunAsync(["-c", "import onnx"], cancel)).Code != 0)
        {
            Assert.Skip("needs /usr/bin/python3 with onnx");
        }

        var folder = Directory.CreateTempSubdirectory("cnn-gradient-python-").FullName;
        try
        {
            ResolvedNetwork[] networks = [.. NetworkCases.All.Values.Select(create => create()),
                .. Enumerable.Range(0, 30).Select(seed => NetworkCases.Random((ulong)seed))];
            foreach (var (number, network) in networks.Index())
            {
                var layer = network.Layers[number % network.Layers.Count].Name;
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{number:000}.onnx"),
                    GradientGraph.Build(network, Some.Weights(network), new(layer, true)), cancel);
            }

            var (code, output, errors) = await RunAsync(["-c", Script, folder], cancel);
            Assert.True(code == 0, errors);
            Assert.Equal("sound", output.Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Central differences of the scores along the gradient; smooth functions, so that no kink lies between.</summary>
    [Fact]
    public void Gradient_ByTheImage_IsTheSlopeOfTheScore()
    {
        using var model = new TemporaryModel(Some.Network(
            3,
            new(8, 8, 3),
            new Conv2dLayer { Name = "conv", Filters = 5, Padding = Padding2.Same, Activation = ActivationKind.Tanh },
            new AveragePooling2dLayer { Name = "pool" },
            new Conv2dLayer { Name = "gelu", Filters = 4, Activation = ActivationKind.Gelu },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "head" }));
        using var gradients = new ClassGradients(Options.Create(new ServingOptions()));
        float[] weights = [0.5f, -1, 2];
        float[] planes = [.. Enumerable.Range(0, 192).Select(i => (float)Math.Sin(i))];
        var gradient = gradients.Read(model.Model, new(null, planes, 1, weights)).Value.Gradients.ToArray();
        for (var place = 0; place < planes.Length; place += 7)
        {
            const float step = 1e-2f;
            double At(float change)
            {
                float[] moved = [.. planes];
                moved[place] += change;
                return ClassTarget.ScoreOf(gradients.Read(model.Model, new(null, moved, 1, weights)).Value.Scores.Span, weights);
            }

            Assert.Equal((At(step) - At(-step)) / (2 * step), gradient[place], 1e-2 * gradient.Max(Math.Abs));
        }
    }

    [Fact]
    public void Read_OfMoreLayersThanAreKept_HoldsOnlyThese()
    {
        var before = GradientSession.OpenCount;
        using var deep = new TemporaryModel(Some.Network(
            3, new(6, 6, 3),
            [.. Enumerable.Range(0, 10).Select(i => new ActivationLayer { Name = $"a{i}" }), new FlattenLayer { Name = "flat" },
                new DenseLayer { Name = "head" }]));
        using (var gradients = new ClassGradients(Options.Create(new ServingOptions())))
        {
            foreach (var layer in deep.Model.Network.Layers)
            {
                Assert.True(gradients.Read(deep.Model, new(layer.Name, new float[108], 1, [1, 0, 0])).Succeeded);
            }

            Assert.Equal(ClassGradients.Capacity, GradientSession.OpenCount - before);
        }

        Assert.Equal(before, GradientSession.OpenCount);
    }

    [Fact]
    public void Scores_AreThoseServed_AndTheNetworkIsLetGo()
    {
        var before = OnnxNetwork.OpenCount;
        using var model = new TemporaryModel();
        using (var scores = new ServedScores(Options.Create(new ServingOptions())))
        {
            var logits = scores.Logits(model.Model, [model.Pixels(1), model.Pixels(2)]).Value;
            Near.Equal(model.Naive.Run(model.Pixels(2))["classes_out"].Data, logits[3..], 1e-5, "logits");
        }

        Assert.Equal(before, OnnxNetwork.OpenCount);
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
}
