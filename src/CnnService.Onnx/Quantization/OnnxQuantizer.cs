using System.Numerics.Tensors;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Quantization;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using CnnService.Onnx.Serving;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Quantization;

/// <inheritdoc cref="IModelQuantizer"/>
internal sealed class OnnxQuantizer(IOptions<ServingOptions> options, TimeProvider time) : IModelQuantizer
{
    private const string Unsupported = "quantization.unsupported";

    /// <summary>A value's name as an output of the calibrated file; a graph's input cannot be one itself.</summary>
    private const string Seen = "/quantization/seen";

    public Outcome<IReadOnlyDictionary<string, ValueRange>> Calibrate(
        byte[] onnx, Preprocessing preprocessing, IEnumerable<PixelBatch> images, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Plan(onnx).Bind(planned =>
            OnnxNetwork.Open(Observed(planned.Model, planned.Plan), preprocessing, options.Value.Threads).Bind(network =>
            {
                using var _ = network;
                return Observe(network, planned.Plan, images, cancel);
            }));
    }

    public Outcome<QuantizedNetwork> Quantize(byte[] onnx, IReadOnlyDictionary<string, ValueRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return Plan(onnx).Map(planned =>
        {
            var (model, plan) = planned;
            model.Graph = QuantizedGraph.Write(model.Graph, plan, ranges);
            return new QuantizedNetwork(
                model.ToByteArray(), plan.Weighted.Count, [.. plan.LeftInFloat.Order(StringComparer.Ordinal)]);
        });
    }

    private static Outcome<(ModelProto Model, QuantizationPlan Plan)> Plan(byte[] onnx)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(onnx);
        }
        catch (InvalidProtocolBufferException failure)
        {
            return new Problem(ProblemKind.Unavailable, "model.corrupt", $"The file is no ONNX network: {failure.Message}");
        }

        GraphPreparation.Apply(model.Graph);
        var plan = QuantizationPlan.Create(model.Graph);
        return plan.Weighted.Count > 0 ? (model, plan) : Problem.Unprocessable(
            Unsupported, "No layer of the network can compute with 8-bit integers: it has neither a convolution nor a dense layer before "
            + "a global pooling.");
    }

    /// <summary>The file with the values that are to be rounded as its outputs.</summary>
    private static byte[] Observed(ModelProto model, QuantizationPlan plan)
    {
        var observed = model.Clone();
        observed.Graph.Output.Clear();
        var builder = new GraphBuilder(string.Empty);
        foreach (var value in plan.Values.Order(StringComparer.Ordinal))
        {
            builder.Node("Identity", value + Seen, value + Seen, [value]);
            observed.Graph.Output.Add(GraphBuilder.FloatValue(value + Seen));
        }

        observed.Graph.Node.AddRange(builder.Graph.Node);
        OnnxTruncation.Prune(observed.Graph, observed.Graph.Output.Select(output => output.Name));
        return observed.ToByteArray();
    }

    private Outcome<IReadOnlyDictionary<string, ValueRange>> Observe(
        OnnxNetwork network, QuantizationPlan plan, IEnumerable<PixelBatch> images, CancellationToken cancel)
    {
        var ranges = new Dictionary<string, ValueRange>(StringComparer.Ordinal);
        foreach (var image in images)
        {
            for (var i = 0; i < image.Count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var pixels = image.Data.Slice(i * image.BytesPerImage, image.BytesPerImage);
                foreach (var tensor in network.Run([new TensorInput(1, null, [pixels])], network.Outputs, time).Tensors)
                {
                    Widen(ranges, tensor.Name[..^Seen.Length], tensor.Values.Span);
                }
            }
        }

        var broken = plan.Values.FirstOrDefault(value => !float.IsFinite(ranges[value].Minimum + ranges[value].Maximum));
        return broken is null
            ? Outcome.Success<IReadOnlyDictionary<string, ValueRange>>(ranges)
            : Problem.Unprocessable(Unsupported, $"The value '{broken}' of the network is not finite on the calibration images.");
    }

    private static void Widen(Dictionary<string, ValueRange> ranges, string value, ReadOnlySpan<float> numbers)
    {
        var seen = new ValueRange(TensorPrimitives.Min(numbers), TensorPrimitives.Max(numbers));
        ranges[value] = ranges.TryGetValue(value, out var known) ? known.Union(seen) : seen;
    }
}
