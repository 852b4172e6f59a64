using CnnService.Core.Architecture;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>A model file to be mutated.</summary>
/// <param name="File">Its bytes.</param>
internal sealed record SoundModel(byte[] File)
{
    public const string DataFile = "model.onnx.data";

    private const string Library = "pkg.own";

    /// <summary>The file that its weights lie in; null where they are inside.</summary>
    public byte[]? Data { get; init; }

    /// <summary>The network that weights alone are for; null for ONNX.</summary>
    public ResolvedNetwork? Architecture { get; init; }

    /// <summary>The same network with its tensors in a second file.</summary>
    public static SoundModel Split(byte[] file)
    {
        var model = ModelProto.Parser.ParseFrom(file);
        using var data = new MemoryStream();
        foreach (var tensor in model.Graph.Initializer)
        {
            (string Key, string Value)[] entries =
                [("location", DataFile), ("offset", $"{data.Length}"), ("length", $"{tensor.RawData.Length}")];
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.AddRange(entries.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
            tensor.RawData.WriteTo(data);
            tensor.ClearRawData();
        }

        return new(model.ToByteArray()) { Data = data.ToArray() };
    }

    /// <summary>The same network with each node in a function of its own, and every second of these in another.</summary>
    public static SoundModel WithFunctions(byte[] file)
    {
        var model = ModelProto.Parser.ParseFrom(file);
        foreach (var (number, node) in model.Graph.Node.ToArray().Index())
        {
            Wrap(model, node, $"f{number}", node.Domain);
            if (number % 2 == 0)
            {
                Wrap(model, node, $"g{number}", Library);
            }
        }

        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Library, Version = 1 });
        return new(model.ToByteArray());
    }

    private static void Wrap(ModelProto model, NodeProto node, string name, string domain)
    {
        var function = new FunctionProto { Name = name, Domain = Library };
        var inner = new NodeProto { OpType = node.OpType, Domain = domain, Name = "n0" };
        inner.Attribute.AddRange(node.Attribute);
        foreach (var i in Enumerable.Range(0, node.Input.Count))
        {
            function.Input.Add($"x{i}");
            inner.Input.Add(node.Input[i].Length == 0 ? string.Empty : $"x{i}");
        }

        foreach (var i in Enumerable.Range(0, node.Output.Count))
        {
            function.Output.Add($"y{i}");
            inner.Output.Add($"y{i}");
        }

        function.Node.Add(inner);
        model.Functions.Add(function);
        (node.OpType, node.Domain) = (name, Library);
        node.Attribute.Clear();
    }
}
