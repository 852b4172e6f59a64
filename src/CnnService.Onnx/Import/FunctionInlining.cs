using CnnService.Core.Common;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Replaces the calls of a file's own functions by the functions' nodes. PyTorch's exporter writes operators of its library that way
/// (<c>pkg.onnxscript.torch_lib</c>), and whole modules.
/// </summary>
internal sealed class FunctionInlining
{
    private const int MaxDepth = 32;

    /// <summary>Longest name of a copied node; of longer ones the end is kept.</summary>
    private const int MaxNameLength = 200;

    /// <summary>Bytes that copies of the functions' nodes may have in all.</summary>
    private const long MaxCopied = 256L << 20;

    private readonly Dictionary<FunctionKey, FunctionProto> _functions = [];
    private readonly Dictionary<FunctionProto, long> _sizes = [];
    private readonly List<NodeProto> _nodes = [];
    private readonly int _maxNodes;
    private long _copied;
    private int _calls;

    private FunctionInlining(ModelProto model, int maxNodes)
    {
        _maxNodes = maxNodes;
        foreach (var function in model.Functions)
        {
            _functions[new(function.Domain, function.Name, function.Overload)] = function;
        }
    }

    /// <summary>Leaves the model without functions. Problems: <c>onnx.unsupported</c>, <c>onnx.too-large</c>.</summary>
    /// <param name="model">Modified.</param>
    /// <param name="maxNodes">Most nodes that the graph may have afterwards.</param>
    public static Problem? Inline(ModelProto model, int maxNodes)
    {
        if (model.Functions.Count == 0)
        {
            return null;
        }

        var inlining = new FunctionInlining(model, maxNodes);
        foreach (var node in model.Graph.Node)
        {
            if (inlining.Add(node, OnnxFile.OperatorSetOf(model), 0) is { } problem)
            {
                return problem;
            }
        }

        model.Graph.Node.Clear();
        model.Graph.Node.AddRange(inlining._nodes);
        model.Functions.Clear();
        var standard = model.OpsetImport.Where(set => OnnxFile.IsStandard(set.Domain)).ToArray();
        model.OpsetImport.Clear();
        model.OpsetImport.AddRange(standard);
        return null;
    }

    private Problem? Add(NodeProto node, long set, int depth)
    {
        if (!_functions.TryGetValue(new(node.Domain, node.OpType, node.Overload), out var function))
        {
            _nodes.Add(node);
            return _nodes.Count <= _maxNodes ? null : TooLarge($"more than {_maxNodes} nodes");
        }

        if (!_sizes.TryGetValue(function, out var size))
        {
            size = _sizes[function] = function.CalculateSize();
        }

        _copied += size;
        return depth == MaxDepth ? TooLarge($"calls deeper than {MaxDepth}")
            : _copied > MaxCopied ? TooLarge($"more than {MaxCopied >> 20} MiB")
            : Version(function.OpsetImport) is { } own && own > 0 && own != set ? OnnxFile.Unsupported(
                $"The function '{UntrustedName.Sanitize(function.Name)}' uses operator set {own} in a file of {set}; save it with one.")
            : node.Input.Count > function.Input.Count || node.Output.Count > function.Output.Count ? OnnxFile.Unreadable(
                $"The node '{UntrustedName.Sanitize(OnnxFile.NameOf(node))}' gives the function "
                + $"'{UntrustedName.Sanitize(function.Name)}' more inputs or outputs than it has.")
            : Expand(node, function, set, depth);
    }

    private Problem? Expand(NodeProto call, FunctionProto function, long set, int depth)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { [string.Empty] = string.Empty };
        for (var i = 0; i < function.Input.Count; i++)
        {
            if (!names.TryAdd(function.Input[i], call.Input.ElementAtOrDefault(i) ?? string.Empty))
            {
                return OnnxFile.Unreadable($"The function '{UntrustedName.Sanitize(function.Name)}' names an input twice.");
            }
        }

        var scope = $"{ServedInput.Scope}/call/{++_calls}";
        var copies = new List<NodeProto>();
        for (var i = 0; i < call.Output.Count; i++)
        {
            if (call.Output[i].Length > 0 && !names.TryAdd(function.Output[i], call.Output[i]))
            {
                copies.Add(Copy(names[function.Output[i]], call.Output[i], call)); // An input that is an output too, or one given twice.
            }
        }

        var attributes = call.Attribute.Concat(function.AttributeProto).DistinctBy(attribute => attribute.Name)
            .ToDictionary(attribute => attribute.Name, StringComparer.Ordinal);
        foreach (var node in function.Node)
        {
            if (Add(Renamed(node, OnnxFile.NameOf(call), scope, names, attributes), set, depth + 1) is { } problem)
            {
                return problem;
            }
        }

        _nodes.AddRange(copies);
        return null;
    }

    private static NodeProto Renamed(
        NodeProto inner, string call, string scope, Dictionary<string, string> names, Dictionary<string, AttributeProto> attributes)
    {
        string Of(string name) => names.TryGetValue(name, out var known) ? known : names[name] = $"{scope}/{name}";
        var name = $"{call}/{(inner.Name.Length > 0 ? inner.Name : inner.OpType)}";
        var node = new NodeProto
        {
            Name = name.Length > MaxNameLength ? name[^MaxNameLength..] : name,
            OpType = inner.OpType,
            Domain = inner.Domain,
            Overload = inner.Overload,
        };
        node.Input.AddRange(inner.Input.Select(Of));
        node.Output.AddRange(inner.Output.Select(Of));
        foreach (var attribute in inner.Attribute)
        {
            if (attribute.RefAttrName.Length == 0)
            {
                node.Attribute.Add(attribute);
            }
            else if (attributes.TryGetValue(attribute.RefAttrName, out var value))
            {
                node.Attribute.Add(new AttributeProto(value) { Name = attribute.Name });
            }
        }

        return node;
    }

    private static NodeProto Copy(string from, string to, NodeProto call)
    {
        var node = new NodeProto { OpType = "Identity", Name = $"{OnnxFile.NameOf(call)}/{to}" };
        node.Input.Add(from);
        node.Output.Add(to);
        return node;
    }

    private static long Version(IEnumerable<OperatorSetIdProto> sets) =>
        sets.LastOrDefault(set => OnnxFile.IsStandard(set.Domain))?.Version ?? 0;

    private static Problem TooLarge(string what) => Problem.Unprocessable("onnx.too-large",
        $"The file's own functions, written out, come to {what}; save it with them inlined (onnx.inliner), and smaller.");

    private readonly record struct FunctionKey(string Domain, string Name, string Overload);
}
