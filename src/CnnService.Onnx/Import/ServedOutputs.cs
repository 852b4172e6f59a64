using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Puts the outputs at the end of an imported graph that is served as it is: probabilities and logits where it has classes, then its own
/// outputs under their own names, as float32 and with the batch in front.
/// </summary>
internal sealed class ServedOutputs
{
    /// <summary>Added to a probability before its logarithm is taken, so that 0 gives a number.</summary>
    private const float Least = 1e-30f;

    private readonly GraphProto _graph;
    private readonly GraphInput _input;
    private readonly bool _isFree;
    private readonly HashSet<string> _own;

    /// <param name="model">Its outputs are replaced.</param>
    /// <param name="input">The image input.</param>
    /// <param name="isFree">Whether its batch is free; else each image is run by itself.</param>
    public ServedOutputs(ModelProto model, GraphInput input, bool isFree)
    {
        (_graph, _input, _isFree) = (model.Graph, input, isFree);
        _own = [.. _graph.Output.Select(output => output.Name), OnnxExporter.Logits, OnnxExporter.Probabilities];
        Rename();
        _graph.Output.Clear();
        _graph.ValueInfo.Clear();
    }

    public void Add(OutputChoice choice, FileTrial trial)
    {
        var names = trial.Outputs.Where(output => _own.Contains(output.Name) && output.Values is not null && !IsCut(output));
        if (choice.HasClasses)
        {
            AddClasses(choice);
            names = names.Where(output => output.Name is not (OnnxExporter.Logits or OnnxExporter.Probabilities));
        }

        foreach (var output in names)
        {
            var value = Single(Inner(output.Name), output, !output.HasBatch);
            Node(output.IsFloat ? "Identity" : "Cast", [value], output.Name,
                output.IsFloat ? null : Attributes.Number("to", (long)OnnxTypes.Float));
            Declare(output.Name, output.Shape);
        }
    }

    /// <summary>Whether an output cannot be served: it is the same for all images, and several are computed at once.</summary>
    private bool IsCut(GraphOutput output) => !output.HasBatch && _isFree;

    private void AddClasses(OutputChoice choice)
    {
        var value = Single(Inner(choice.Raw), choice.Output, isWithoutBatch: !choice.Output.HasBatch);
        switch (choice.End)
        {
            case OutputEnd.Probabilities or OutputEnd.Percentages:
                var isPercent = choice.End == OutputEnd.Percentages;
                var flat = Node("Flatten", [value], isPercent ? $"{ServedInput.Scope}/percentages" : OnnxExporter.Probabilities);
                flat = isPercent ? Node("Mul", [flat, Number("whole", 0.01f)], OnnxExporter.Probabilities) : flat;
                Node("Log", [Node("Add", [flat, Number("least", Least)], $"{ServedInput.Scope}/positive")], OnnxExporter.Logits);
                break;
            default:
                Node("Flatten", [value], OnnxExporter.Logits);
                Node(choice.End == OutputEnd.Sigmoid || choice.Output.Elements == 1 ? "Sigmoid" : "Softmax", [OnnxExporter.Logits],
                    OnnxExporter.Probabilities);
                break;
        }

        Declare(OnnxExporter.Probabilities, [choice.Output.Elements]);
        Declare(OnnxExporter.Logits, [choice.Output.Elements]);
    }

    /// <summary>The value for one image, where the file computes several copies of it or leaves the batch away.</summary>
    private string Single(string value, GraphOutput output, bool isWithoutBatch)
    {
        var place = $"{ServedInput.Scope}/of/{_graph.Node.Count}";
        if (isWithoutBatch)
        {
            return Node("Reshape", [value, Integers("shape", [1, .. output.Shape])], place);
        }

        return _isFree || _input.Batch == 1 ? value
            : Node("Gather", [value, Integers("first", 0)], place, Attributes.Number("axis", 0L));
    }

    private string Node(string operation, string[] inputs, string output, AttributeProto? attribute = null)
    {
        var node = new NodeProto { OpType = operation, Name = $"{ServedInput.Scope}/{output}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        if (attribute is not null)
        {
            node.Attribute.Add(attribute);
        }

        _graph.Node.Add(node);
        return output;
    }

    private string Number(string what, float value) => Constant(what, builder => builder.Weights(Name(what), [value]));

    private string Integers(string what, params long[] values) => Constant(what, builder => builder.Integers(Name(what), values));

    private string Name(string what) => $"{ServedInput.Scope}/{what}/{_graph.Initializer.Count}";

    private string Constant(string what, Func<GraphBuilder, string> make)
    {
        var builder = new GraphBuilder(what);
        var name = make(builder);
        _graph.Initializer.Add(builder.Graph.Initializer[0]);
        return name;
    }

    private void Declare(string name, long[] shape)
    {
        var value = GraphBuilder.FloatValue(name, shape);
        if (!_isFree)
        {
            value.Type.TensorType.Shape.Dim[0] = new() { DimValue = 1 };
        }

        _graph.Output.Add(value);
    }

    private string Inner(string name) => _own.Contains(name) ? $"{ServedInput.Scope}/own/{name}" : name;

    /// <summary>Leaves the names of the outputs free for what is made of them here.</summary>
    private void Rename()
    {
        foreach (var tensor in _graph.Initializer)
        {
            tensor.Name = Inner(tensor.Name);
        }

        foreach (var names in _graph.Node.SelectMany(node => new[] { node.Input, node.Output }))
        {
            for (var i = 0; i < names.Count; i++)
            {
                names[i] = Inner(names[i]);
            }
        }
    }
}
