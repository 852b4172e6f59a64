using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CnnService.Benchmarks.Hostile;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Onnx;
using CnnService.Onnx.Export;
using CnnService.Torch;
using CnnService.Torch.Networks;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>Imports mutated files one after another and tells each outcome in a line.</summary>
internal static class FuzzModelsChild
{
    public static Task RunAsync(Arguments arguments)
    {
        int Whole(int position) => int.Parse(arguments.Required(position, "a number"), CultureInfo.InvariantCulture);
        var kept = arguments.Required(3, "a folder");
        var folder = Directory.CreateTempSubdirectory("cnnservice-fuzz-").FullName;
        using var services = new ServiceCollection().AddTorch().AddOnnx().AddSingleton<ModelImporter>().BuildServiceProvider();
        var importer = services.GetRequiredService<ModelImporter>();
        var networks = Networks().Select(network => (network, weights: InitialWeights.Create(network, 3))).ToArray();
        SoundModel[] sound = [
            .. networks.Select(pair => new SoundModel(Onnx(pair.network, pair.weights))),
            .. networks.Select(pair => SoundModel.WithFunctions(Onnx(pair.network, pair.weights))),
            .. networks.Select(pair => SoundModel.Split(Onnx(pair.network, pair.weights))),
            .. networks.Select(pair => new SoundModel(Safetensors(pair.weights)) { Architecture = pair.network }),
        ];
        try
        {
            // What the engines take once is not a file's doing.
            Import(importer, sound[0], folder);
            for (var number = Whole(0); number < Whole(1); number++)
            {
                var random = new CounterRandom((ulong)Whole(2), (ulong)number);
                var model = sound[random.NextInt32(sound.Length)];
                model = model.Data is { } data && random.NextInt32(4) == 0
                    ? model with { Data = FileMutations.Mutate(data, ref random) }
                    : model with { File = FileMutations.Mutate(model.File, ref random) };
                var path = Path.Combine(kept, $"{number}.bin");
                File.WriteAllBytes(path, model.File); // Stays where the process does not live to delete it.
                var (seconds, growth, outcome) = Import(importer, model, folder);
                Console.WriteLine($"file {number} {seconds:F3} {growth} {outcome}");
                if (seconds <= FuzzModels.MostSeconds && growth <= FuzzModels.MostGrowth)
                {
                    File.Delete(path);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return Task.CompletedTask;
    }

    private static (double Seconds, long Growth, string Outcome) Import(ModelImporter importer, SoundModel model, string folder)
    {
        var (path, data) = (Path.Combine(folder, "file"), Path.Combine(folder, "data"));
        File.WriteAllBytes(path, model.File);
        File.WriteAllBytes(data, model.Data ?? []);
        var companions = model.Data is null ? [] : new Dictionary<string, string> { [SoundModel.DataFile] = data };
        File.WriteAllText("/proc/self/clear_refs", "5"); // The peak begins anew.
        var before = Memory("VmRSS");
        var watch = Stopwatch.StartNew();
        var imported = importer.Run(
            new(path, model.Architecture is { } network ? JsonSerializer.Serialize(network.Spec, CoreJson.Indented) : null, Labels: null,
                Preprocessing: null)
            { Companions = companions },
            Path.Combine(folder, "package"), CancellationToken.None);
        return (watch.Elapsed.TotalSeconds, Memory("VmHWM") - before, imported.Succeeded ? "model" : imported.Problem.Code);
    }

    private static long Memory(string field) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture) << 10;

    private static byte[] Onnx(ResolvedNetwork network, NamedWeights weights) => new OnnxExporter().Export(
        network, weights, [.. Enumerable.Range(0, network.Classes).Select(i => $"class {i}")],
        Preprocessing.Create(NormalizationKind.Rescale, network.Spec.Input.Channels, [], []));

    private static byte[] Safetensors(NamedWeights weights)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, weights);
        return stream.ToArray();
    }

    /// <summary>Small ones, so that their structure is a large part of their files.</summary>
    private static IEnumerable<ResolvedNetwork> Networks()
    {
        var input = new InputSpec(16, 16, 3);
        LayerSpec[][] networks =
        [
            [new Conv2dLayer
            {
                Name = "conv",
                Filters = 4,
                Padding = Padding2.Same,
                Activation = ActivationKind.Gelu,
            }, new MaxPooling2dLayer { CeilMode = true }, new FlattenLayer(), new DropoutLayer(), new DenseLayer { Units = 3 }],
            [
                new Conv2dLayer { Name = "a", Filters = 4, UseBias = false },
                new BatchNormalizationLayer { Name = "b", Activation = ActivationKind.HardSwish },
                new GlobalAveragePooling2dLayer { Name = "c", KeepDimensions = true },
                new Conv2dLayer { Name = "d", Filters = 4, KernelSize = new(1, 1), Activation = ActivationKind.Sigmoid },
                new MultiplyLayer { Name = "e", Inputs = ["b", "d"] },
                new LocalResponseNormalizationLayer(),
                new LayerNormalizationLayer { Groups = 2 },
                new SelectChannelsLayer { Channels = [3, 0, 2, 1] },
                new LayerNormalizationLayer(),
                new ActivationLayer { Activation = ActivationKind.GeluTanh },
                new PReluLayer(),
                new GlobalMaxPooling2dLayer(),
                new DenseLayer { Units = 3 },
            ],
            [
                new Padding2dLayer { Name = "pad", PaddingMode = PaddingMode.Reflect },
                new Conv2dLayer { Name = "left", Filters = 2, Groups = 1, Dilation = new(2, 2), Padding = Padding2.Same },
                new AveragePooling2dLayer
                {
                    Name = "right",
                    Inputs = ["pad"],
                    PoolSize = new(3, 3),
                    Strides = new(1, 1),
                    Padding = Padding2.Same,
                },
                new ConcatenateLayer { Inputs = ["left", "right"] },
                new ActivationLayer { Activation = ActivationKind.Clip, Minimum = -0.5, Maximum = 0.5 },
                new FlattenLayer(),
                new DenseLayer { Units = 1, Activation = ActivationKind.Sigmoid },
            ],
        ];
        return networks.Select((layers, i) => NetworkSpecValidator.Resolve(new(input, layers), i == 2 ? 2 : 3, new ValidationErrors())!);
    }
}
