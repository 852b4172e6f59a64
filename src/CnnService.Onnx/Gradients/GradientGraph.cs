using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Gradients;

/// <summary>
/// A network together with the gradient of its class scores, or of a layer's activation, as one graph of ordinary forward operators: any
/// ONNX runtime can execute it, without a training engine.
/// </summary>
internal sealed class GradientGraph
{
    /// <summary>Input <c>[N,K]</c>: the weights of the scores in the sum that is differentiated; one-hot to select a class.</summary>
    public const string OutputWeights = "output_weights";

    /// <summary>Output <c>[N,K]</c>: the network's logits.</summary>
    public const string Logits = OnnxExporter.Logits;

    /// <summary>Output <c>[N,K]</c>: the scores that are differentiated: the logits, except as said in <see cref="ScoreTail"/>.</summary>
    public const string Scores = "scores";

    /// <summary>Output: the activation of the chosen layer.</summary>
    public const string Activations = "activations";

    /// <summary>Output: the gradient of the weighted sum with respect to that activation.</summary>
    public const string ActivationGradients = "activation_gradients";

    /// <summary>Output <c>[N,C,H,W]</c>: the gradient with respect to the preprocessed image.</summary>
    public const string InputGradients = "input_gradients";

    private readonly ResolvedNetwork _network;
    private readonly NamedWeights _weights;
    private readonly GradientTargets _targets;
    private readonly GraphBuilder _graph = new("gradient");
    private readonly LayerNodes _nodes;
    private readonly List<ForwardStep> _path = [];
    private readonly ResolvedLayer _lastLayer;
    private readonly HashSet<string> _reached = new(StringComparer.Ordinal); // Values that depend on one whose gradient is needed.

    private GradientGraph(ResolvedNetwork network, NamedWeights weights, GradientTargets targets)
    {
        (_network, _weights, _targets) = (network, weights, targets);
        _nodes = new LayerNodes(_graph, weights);
        _lastLayer = targets.DifferentiatedLayer is { } layer ? network.Find(layer)! : network.Output;
        _reached.Add(targets.WithInput ? NetworkSpec.InputName : ValueOf(targets.Layer!));
    }

    /// <summary>Builds the ONNX file: operator set 17, IR version 8, free batch dimension.</summary>
    /// <param name="network">A network of layers, with classes unless the gradient is that of a layer.</param>
    /// <param name="weights">The weights of all layers.</param>
    /// <param name="targets">What is differentiated, and with respect to what.</param>
    /// <exception cref="ArgumentException">The network and the targets do not fit each other.</exception>
    public static byte[] Build(ResolvedNetwork network, NamedWeights weights, GradientTargets targets)
    {
        if (targets is { Layer: null, WithInput: false } || (targets.DifferentiatedLayer is null && !network.HasClasses)
            || !network.HasLayers)
        {
            throw new ArgumentException("A gradient needs classes or a layer, layers, and something it is taken by.", nameof(targets));
        }

        var model = new ModelProto
        {
            IrVersion = OnnxTypes.IrVersion,
            ProducerName = "CnnService",
            Graph = new GradientGraph(network, weights, targets).Build(),
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = OnnxTypes.OperatorSet });
        return model.ToByteArray();
    }

    /// <summary>Layer names contain no slash, so no layer's value collides with an input or output of the file.</summary>
    private static string ValueOf(string name) => name == NetworkSpec.InputName ? name : $"{name}/value";

    private GraphProto Build()
    {
        var end = _lastLayer.OutputShape;
        _graph.Input(NetworkSpec.InputName, _network.Spec.Input.Shape);
        _graph.Input(OutputWeights, end);
        var tail = _targets.DifferentiatedLayer is null ? ScoreTail.Find(_network, _targets.Layer) : [];
        Forward(tail);
        var score = Score(tail);
        Output(Logits, ValueOf(_lastLayer.Name), end);
        Output(Scores, score, end);
        var tape = Backward(score);
        if (_targets.Layer is { } layer)
        {
            var shape = _network.Find(layer)!.OutputShape;
            Output(Activations, ValueOf(layer), shape);
            Output(ActivationGradients, GradientBy(tape, ValueOf(layer)), shape);
        }

        if (_targets.WithInput)
        {
            Output(InputGradients, GradientBy(tape, NetworkSpec.InputName), _network.Spec.Input.Shape);
        }

        return _graph.Graph;
    }

    private void Forward(IReadOnlyList<ResolvedLayer> tail)
    {
        var needed = FindNeeded();
        foreach (var layer in _network.Layers.Where(layer => needed.Contains(layer.Name)))
        {
            var step = ForwardStep.Create(layer, _network.FunctionOf(layer), [.. layer.Inputs.Select(ValueOf)], ValueOf(layer.Name));
            Run(step);
            if (!tail.Contains(layer))
            {
                _path.Add(step);
            }
        }
    }

    /// <summary>Names of the layers that the last one depends on, itself included.</summary>
    private HashSet<string> FindNeeded()
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { _lastLayer.Name };
        foreach (var layer in _network.Layers.Reverse().Where(layer => needed.Contains(layer.Name)))
        {
            needed.UnionWith(layer.Inputs);
        }

        return needed;
    }

    /// <summary>Repeats the layers of the tail without the ReLU; returns the name of the score.</summary>
    private string Score(IReadOnlyList<ResolvedLayer> tail)
    {
        if (tail.Count == 0)
        {
            return ValueOf(_lastLayer.Name);
        }

        var first = ForwardStep.Create(tail[0], _network.FunctionOf(tail[0]), [.. tail[0].Inputs.Select(ValueOf)], ValueOf(tail[0].Name));
        var value = first.Preactivation;
        if (tail[0].Spec is not ActivationLayer)
        {
            _path.Add(first with { Function = ActivationFunction.Linear, Output = first.Preactivation });
            MarkReached(_path[^1]);
        }

        foreach (var layer in tail.Skip(1))
        {
            var again = layer with { Name = $"{layer.Name}/score" };
            var step = ForwardStep.Create(again, ActivationFunction.Linear, [value], $"{again.Name}/value");
            Run(step);
            _path.Add(step);
            value = step.Output;
        }

        return value;
    }

    private void Run(ForwardStep step)
    {
        MarkReached(step);
        _nodes.Add(step.Layer, step.Function, step.Inputs, step.Output);
        if (step.Layer.Spec is MaxPooling2dLayer && step.UsesAny(_reached))
        {
            _graph.Graph.Node[^1].Output.Add(step.Indices);
        }
    }

    private void MarkReached(ForwardStep step)
    {
        if (step.UsesAny(_reached))
        {
            _reached.Add(step.Output);
        }
    }

    private GradientTape Backward(string score)
    {
        var tape = new GradientTape(_graph);
        tape.Add(score, OutputWeights);
        var gradients = new LayerGradients(_graph, _weights);
        foreach (var step in Enumerable.Reverse(_path).Where(step => step.UsesAny(_reached)))
        {
            if (tape.GradientOf(step.Output) is { } gradient)
            {
                gradients.Apply(step, gradient, _reached, tape);
            }
        }

        return tape;
    }

    private string GradientBy(GradientTape tape, string value) =>
        tape.GradientOf(value) ?? new GradientNodes(_graph, $"{value}/none").Zeros(value);

    private void Output(string name, string value, TensorShape shape)
    {
        _graph.Node("Identity", $"output/{name}", name, [value]);
        _graph.Output(name, shape);
    }
}

/// <summary>What is differentiated, and with respect to what.</summary>
/// <param name="Layer">Differentiate with respect to this layer's activation; null: no layer.</param>
/// <param name="WithInput">Differentiate with respect to the preprocessed image.</param>
/// <param name="DifferentiatedLayer">The layer whose activation is differentiated; null: the class scores.</param>
internal readonly record struct GradientTargets(string? Layer, bool WithInput, string? DifferentiatedLayer = null);
