using CnnService.Core.Common;
using CnnService.Core.Models.Import;
using CnnService.Onnx.Format;
using CnnService.Onnx.Import;
using Google.Protobuf;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>Weights in a second file, as PyTorch writes them: taken from what was sent, and held to its own word.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnservice-external-").FullName;

    private static readonly Dictionary<string, (string Says, Action<ModelProto> Spoil)> Lies = new()
    {
        ["beyond the end"] = ("ends at byte", model => Set(model, 0, "offset", "1000000")),
        ["a part of another's bytes"] = ("share a part of their bytes", model => Set(model, 1, "offset", "4")),
        ["a length that is not its own"] = ("values of 4 bytes", model => Set(model, 0, "length", "8")),
        ["an offset below zero"] = ("whole numbers from 0 up", model => Set(model, 0, "offset", "-4")),
        ["an offset beyond counting"] = ("whole numbers from 0 up", model => Set(model, 0, "offset", "9223372036854775807")),
        ["no name"] = ("does not name it", model => Set(model, 0, "location", "folder/")),
        ["a file of the host"] = ("missing is 'passwd'", model => Set(model, 0, "location", "/etc/passwd")),
        ["a file above"] = ("missing is 'passwd'", model => Set(model, 0, "location", "..\\..\\etc\\passwd")),
        ["a type without bytes of its own"] = ("is not read from there", model => model.Graph.Initializer[0].DataType = 8),
    };

    public static TheoryData<string> Names => [.. Lies.Keys];

    [Fact]
    public void File_SentAlong_IsTakenByTheLastPartOfItsName()
    {
        var translated = Translate(Split(model => Set(model, 0, "location", "C:\\exports\\model.onnx.data"))).Value;

        Assert.Empty(translated.Unsupported);
        Assert.InRange(Translating.Difference(translated), 0, 1e-4);
    }

    [Fact]
    public void Tensors_MayShareAllOfTheirBytes()
    {
        // Tied weights: the bias of one layer is that of another, byte for byte.
        var translated = Translate(Split(model =>
        {
            foreach (var key in new[] { "offset", "length" })
            {
                Set(model, 3, key, model.Graph.Initializer[1].ExternalData.First(entry => entry.Key == key).Value);
            }
        }));

        Assert.True(translated.Succeeded, translated.Problem?.Detail);
        var biases = translated.Value.Weights.All.Where(tensor => tensor.Key.EndsWith("bias", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, biases.Length);
        Assert.Equal(biases[0].Value.Data, biases[1].Value.Data);
    }

    [Fact]
    public void File_ThatIsNotNeeded_IsNoted()
    {
        var notes = new List<string>();
        var model = Split(_ => { });
        File.WriteAllText(Path.Combine(_folder, "readme.txt"), "hello");
        Translate(model, notes, ("model.onnx.data", "data"), ("readme.txt", "readme.txt"));

        Assert.Contains(notes, note => note.StartsWith("The file 'readme.txt' was not needed", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Lie_IsAProblem_ThatSaysWhat(string name)
    {
        var problem = Translate(Split(Lies[name].Spoil)).Problem!;

        Assert.Equal("onnx.external-data", problem.Code);
        Assert.Contains(Lies[name].Says, problem.Detail, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Outcome<TranslatedNetwork> Translate(ModelProto model) => Translate(model, [], ("model.onnx.data", "data"));

    private Outcome<TranslatedNetwork> Translate(ModelProto model, List<string> notes, params (string Name, string File)[] companions)
    {
        var path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return new OnnxTranslator().Translate(new(path)
        {
            Companions = companions.ToDictionary(file => file.Name, file => Path.Combine(_folder, file.File)),
        }, notes);
    }

    /// <summary>A network whose tensors lie in the file <c>data</c>, one behind the other.</summary>
    private ModelProto Split(Action<ModelProto> change)
    {
        var graph = new Handmade();
        var deep = graph.Convolution(graph.Convolution(graph.Input(3, 9, 8), 3, 4), 4, 4);
        var model = graph.Model(graph.Node("GlobalAveragePool", [deep]));
        using var data = new MemoryStream();
        foreach (var tensor in model.Graph.Initializer)
        {
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "model.onnx.data" });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{data.Length}" });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{tensor.RawData.Length}" });
            tensor.RawData.WriteTo(data);
            tensor.ClearRawData();
        }

        File.WriteAllBytes(Path.Combine(_folder, "data"), data.ToArray());
        change(model);
        return model;
    }

    private static void Set(ModelProto model, int tensor, string key, string value) =>
        model.Graph.Initializer[tensor].ExternalData.First(entry => entry.Key == key).Value = value;
}
