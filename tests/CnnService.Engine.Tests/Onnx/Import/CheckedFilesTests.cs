using System.Diagnostics;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using CnnService.Onnx.Import;
using CnnService.Tests.Shared;
using Google.Protobuf;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>Files that are served as they are pass the checker of Python's onnx, with the outputs that were put at their end.</summary>
public sealed class CheckedFilesTests
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import glob, sys, onnx
        for path in sorted(glob.glob(sys.argv[1] + '/*.onnx')):
            try:
                onnx.checker.check_model(onnx.load(path), full_check=True)
            except Exception as fault:
                print(path.split('/')[-1], str(fault)[:300].replace('\n', ' '))
        """;

    [Fact]
    public async Task EveryFileAtHand_PassesTheChecker()
    {
        var cancel = TestContext.Current.CancellationToken;
        if (!File.Exists(Python) || (await RunAsync(["-c", "import onnx"], cancel)).Code != 0)
        {
            Assert.Skip("needs /usr/bin/python3 with onnx");
        }

        var folder = Directory.CreateTempSubdirectory("cnnservice-checked-").FullName;
        try
        {
            var written = Write(folder);
            var (code, output, errors) = await RunAsync(["-c", Script, folder], cancel);

            Assert.True(code == 0, errors);
            Assert.Equal("", output);
            Assert.True(written >= 10, $"only {written} files were looked at");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>All outputs have types with dimensions, the batch in front.</summary>
    [Fact]
    public void Outputs_HaveTypesAndDimensions()
    {
        var translated = new OnnxTranslator()
            .Translate(new(SharedData.Path("foreign-onnx", "ultraface-detector-as-classifier.onnx")), []).Value;
        var outputs = ModelProto.Parser.ParseFrom(translated.Original!.Value.Span).Graph.Output;

        Assert.Equal(["scores", "boxes"], outputs.Select(output => output.Name));
        Assert.Equal([[4420, 2], [4420, 4]],
            outputs.Select(output => output.Type.TensorType.Shape.Dim.Skip(1).Select(dim => dim.DimValue).ToArray()));
    }

    private static int Write(string folder)
    {
        string[] files = [
            .. new[] { "foreign-onnx", "bug-reports", "pretrained" }.SelectMany(part => Directory.GetFiles(SharedData.Path(part), "*.onnx"))
                .Where(path => !path.Contains("external-data", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        foreach (var path in files)
        {
            var translated = new OnnxTranslator().Translate(new OnnxSource(path), []);
            Assert.True(translated.Succeeded, $"{path}: {translated.Problem?.Detail}");
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(path)), translated.Value.Original!.Value.ToArray());
            WriteExports(Path.Combine(folder, Path.GetFileNameWithoutExtension(path)), translated.Value);
        }

        var unknown = new Handmade();
        var sine = unknown.Node("Sin", [unknown.Convolution(unknown.Input(3, 9, 8), 3, 4)]);
        var model = unknown.Model(unknown.Node("Flatten", [unknown.Node("GlobalAveragePool", [sine])]));
        File.WriteAllBytes(Path.Combine(folder, "sine.onnx"), Translating.Translate(model.ToByteArray()).Value.Original!.Value.ToArray());
        return files.Length + 1;
    }

    /// <summary>Every form in which the layers of a file are exported.</summary>
    private static void WriteExports(string path, TranslatedNetwork translated)
    {
        if (!translated.Network.HasLayers)
        {
            return;
        }

        var classes = Some.Classes(translated.Network.Classes);
        var rescale = Preprocessing.Create(NormalizationKind.Rescale, translated.Network.Spec.Input.Channels, [], []);
        var preprocessing = translated.MeanImage is { } mean ? rescale.Subtract(mean) : rescale;
        ExportVariant[] variants =
        [
            new() { NodeNames = translated.LayerNames },
            new() { IncludePreprocessing = true, Temperature = 1.5 },
            new() { HalfWeights = true, FoldBatchNormalization = true },
        ];
        foreach (var (number, variant) in variants.Index())
        {
            File.WriteAllBytes($"{path}-export{number}.onnx", new OnnxExporter().Export(
                translated.Network, translated.Weights, classes, preprocessing, variant));
        }
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
