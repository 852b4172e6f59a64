using CnnService.Core.Common;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// The file as it is, run once for each trial image: what its outputs are is seen here, and every later step is held to what it gave.
/// </summary>
/// <param name="Outputs">The outputs of the graph, and behind them the values that an ArgMax among them chooses from.</param>
internal sealed record FileTrial(IReadOnlyList<GraphOutput> Outputs)
{
    private const int MaxOutputs = 64;

    /// <summary>Problems: <c>onnx.unreadable</c>, <c>onnx.too-large</c>.</summary>
    /// <param name="model">The imported file; not modified.</param>
    /// <param name="input">The image input.</param>
    public static Outcome<FileTrial> Run(ModelProto model, GraphInput input)
    {
        if (model.Graph.Output.Count > MaxOutputs)
        {
            return Problem.Unprocessable("onnx.too-large",
                $"The graph has {model.Graph.Output.Count} outputs, at most {MaxOutputs} are taken.");
        }

        var bare = model.Clone();
        ServedInput.Declare(bare.Graph, input, input.FixedBatch);
        ServedInput.SetVersion(bare);
        bare.Graph.ValueInfo.Clear();
        foreach (var chosenFrom in ChosenFrom(bare.Graph).ToArray())
        {
            bare.Graph.Output.Add(GraphBuilder.FloatValue(chosenFrom));
        }

        return TrialSession.Open(bare, input).Bind(session =>
        {
            using (session)
            {
                return Outcome.All(Enumerable.Range(0, TrialImages.Count)
                    .Select(index => session.Run([.. Enumerable.Repeat(index, input.Batch)])))
                    .Map(runs => new FileTrial([.. runs[0].Select((_, i) => Output([.. runs.Select(run => run[i])], input.Batch))]));
            }
        });
    }

    /// <summary>The output of a name; null if there is none.</summary>
    public GraphOutput? Find(string name) => Outputs.FirstOrDefault(output => output.Name == name);

    private static IEnumerable<string> ChosenFrom(GraphProto graph)
    {
        var outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        return graph.Node.Where(node => node.OpType == "ArgMax" && node.Input.Count > 0 && node.Output.Any(outputs.Contains))
            .Select(node => node.Input[0]).Where(outputs.Add);
    }

    /// <param name="runs">What each image gave, repeated over the whole batch.</param>
    /// <param name="batch">Number of images in a run.</param>
    private static GraphOutput Output(TrialValue[] runs, int batch)
    {
        var first = runs[0];
        var hasBatch = first.Shape is [var images, ..] && images == batch && runs.All(run => run.Shape.SequenceEqual(first.Shape));
        return new(first.Name, hasBatch ? first.Shape[1..] : first.Shape, hasBatch, first.IsFloat, first.Values is null ? null
            : hasBatch ? [.. runs.Select(run => run.Row(0, batch))] : [.. runs.Select(run => run.Values!)]);
    }
}
