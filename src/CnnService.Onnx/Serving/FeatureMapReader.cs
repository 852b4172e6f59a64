using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Cuts the served network after the layer asked for and runs what is left. The cut networks last used are kept; one picture
/// at a time goes through each.
/// </summary>
internal sealed class FeatureMapReader : IFeatureMapReader, IDisposable
{
    private const int Kept = 8;

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Key, OnnxNetwork Network)> _recent = new(); // Guarded by _gate, newest first.

    public Outcome<FeatureMaps> Read(LoadedModel model, string layer, PixelBuffer picture)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        if (model.Network.Find(layer) is null)
        {
            throw new ArgumentException($"The network has no layer '{layer}'.", nameof(layer));
        }

        try
        {
            lock (_gate)
            {
                var values = Network(model, layer).Run([picture.Data], OnnxExporter.ValueOf(layer), out var shape);
                return shape.Length == 4
                    ? new FeatureMaps((int)shape[1], (int)shape[2], (int)shape[3], values)
                    : new FeatureMaps((int)shape[1], 1, 1, values);
            }
        }
        catch (Exception refused) when (refused is OnnxRuntimeException or InvalidProtocolBufferException or IOException)
        {
            return new Problem(ProblemKind.Unavailable, "model.corrupt", $"The network of model '{model.Name}' cannot be run: {refused.Message}");
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (_, network) in _recent)
            {
                network.Dispose();
            }

            _recent.Clear();
        }
    }

    private OnnxNetwork Network(LoadedModel model, string layer)
    {
        var key = $"{model.WeightsHash}|{layer}";
        var node = _recent.First;
        while (node is not null && node.Value.Key != key)
        {
            node = node.Next;
        }

        if (node is not null)
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Network;
        }

        var network = new OnnxNetwork(Cut(File.ReadAllBytes(model.OnnxPath), model, layer), model.Manifest.Preprocessing, threads: 0);
        _recent.AddFirst((key, network));
        if (_recent.Count > Kept)
        {
            _recent.Last!.Value.Network.Dispose();
            _recent.RemoveLast();
        }

        return network;
    }

    /// <summary>The same network with the layer's value as its only output, and only what leads there.</summary>
    private static byte[] Cut(byte[] file, LoadedModel model, string layer)
    {
        var network = ModelProto.Parser.ParseFrom(file);
        var graph = network.Graph;
        var value = OnnxExporter.ValueOf(layer);
        var needed = new HashSet<string> { value };
        var kept = new Stack<NodeProto>();
        foreach (var node in graph.Node.Reverse().Where(node => node.Output.Any(needed.Contains)))
        {
            needed.UnionWith(node.Input);
            kept.Push(node);
        }

        graph.Node.Clear();
        graph.Node.AddRange(kept);
        var weights = graph.Initializer.Where(tensor => needed.Contains(tensor.Name)).ToArray();
        graph.Initializer.Clear();
        graph.Initializer.AddRange(weights);
        graph.Output.Clear();
        graph.Output.Add(GraphBuilder.Value(value, model.Network.Find(layer)!.OutputShape));
        return network.ToByteArray();
    }
}
