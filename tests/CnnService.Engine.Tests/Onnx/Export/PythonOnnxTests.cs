using System.Diagnostics;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;

namespace CnnService.Engine.Tests.Onnx.Export;

/// <summary>Reads exported files with another implementation of the format: Python's onnx.</summary>
public sealed class PythonOnnxTests
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Checks every file of a folder and tells what it sees in each, one line a file.</summary>
    private const string Script = """
        import glob, sys, onnx
        from onnx import numpy_helper
        for path in sorted(glob.glob(sys.argv[1] + '/*.onnx')):
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
            graph = model.graph
            tensors = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
            total = sum(float(t.astype('float64').sum()) for n, t in tensors.items() if not '/' in n)
            print(path.split('/')[-1], model.ir_version, model.opset_import[0].version, graph.input[0].name,
                  ','.join(o.name for o in graph.output), len(graph.node), '%.6f' % total,
                  ','.join(sorted(p.key for p in model.metadata_props)))
        """;

    [Fact]
    public async Task Export_OfEveryKindOfNetwork_PassesPythonsFullCheck()
    {
        var cancel = TestContext.Current.CancellationToken;
        if (!File.Exists(Python) || (await RunAsync(["-c", "import onnx"], cancel)).Code != 0)
        {
            Assert.Skip("needs /usr/bin/python3 with onnx");
        }

        var folder = Directory.CreateTempSubdirectory("cnn-onnx-python-").FullName;
        try
        {
            var expected = Write(folder);
            var (code, output, errors) = await RunAsync(["-c", Script, folder], cancel);

            Assert.True(code == 0, errors);
            Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<string> Write(string folder)
    {
        ResolvedNetwork[] networks =
        [
            .. NetworkCases.All.Values.Select(create => create()),
            .. Enumerable.Range(0, 40).Select(seed => NetworkCases.Random((ulong)seed)),
            // Large, and nothing new.
            .. PresetCatalog.All.Where(preset => !preset.Name.StartsWith("vgg", StringComparison.Ordinal)).Select(Small),
        ];
        return [.. networks.Select((network, i) => Write(folder, $"{i:000}.onnx", network))];
    }

    /// <summary>Writes a file and answers the line that Python shall say of it.</summary>
    private static string Write(string folder, string name, ResolvedNetwork network)
    {
        File.WriteAllBytes(Path.Combine(folder, name), OnnxExporterTests.Export(network));
        var sum = Some.Weights(network).All.Sum(entry => entry.Value.Data.Sum(value => (double)value));
        var nodes = CnnService.Onnx.Format.ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, name))).Graph.Node.Count;
        return $"{name} 8 17 input probabilities,logits {nodes} {sum:F6} cnnservice.classes,cnnservice.preprocessing";
    }

    private static ResolvedNetwork Small(Preset preset)
    {
        var spec = preset.Create(5, new(64, 64, 3));
        return Some.Network(5, spec.Input, [.. spec.Layers]);
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
