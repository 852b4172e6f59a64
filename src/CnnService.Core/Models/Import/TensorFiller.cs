namespace CnnService.Core.Models.Import;

/// <summary>Fills the network's tensors with the chosen values and records the result. Single use.</summary>
internal sealed class TensorFiller(
    WeightImportRequest request, WeightConvention convention, IReadOnlyDictionary<TensorKey, SourceTensor> chosen)
{
    private readonly FlattenOrders? _orders = convention == WeightConvention.Keras ? new(request.Network) : null;
    private readonly NamedWeights _weights = new();
    private readonly List<FilledTensor> _filled = [];
    private readonly List<MissingTensor> _missing = [];
    private readonly List<ShapeMismatch> _mismatches = [];
    private readonly HashSet<string> _usedNames = new(StringComparer.Ordinal);

    public ImportedWeights Fill(
        IReadOnlyList<NetworkTensor> tensors,
        IReadOnlyList<SourceTensor> source,
        Dictionary<string, LayerMatch> matches,
        string? preset)
    {
        foreach (var tensor in tensors)
        {
            var key = new TensorKey(tensor.Layer.Name, tensor.Part);
            if (chosen.TryGetValue(key, out var found) ? FillTensor(tensor, found, matches[found.Path].Kind) : FillConstant(tensor))
            {
                continue;
            }

            _missing.Add(new(tensor.Name, tensor.Shape));
            if (request.Initialize is { } initialize)
            {
                _weights.Add(tensor.Name, RequireShape(tensor, initialize(tensor)));
            }
        }

        UnusedTensor[] unused = [.. source
            .Where(tensor => !_usedNames.Contains(tensor.Name))
            .Select(tensor => new UnusedTensor(tensor.Name, tensor.Shape, Reason(tensor, matches.GetValueOrDefault(tensor.Path)?.Layer)))];
        return new(request.Network, _weights, new(convention, preset, _filled, _missing, unused, _mismatches));
    }

    private bool FillTensor(NetworkTensor tensor, SourceTensor source, MatchKind match)
    {
        var shape = TensorLayout.Shape(source, convention);
        var isWholeMap = tensor.Shape is [var units, var inputs]
            && shape is [var filters, var channels, var height, var width]
            && filters == units
            && (long)channels * height * width == inputs;
        if (!isWholeMap && !shape.SequenceEqual(tensor.Shape))
        {
            _mismatches.Add(new(tensor.Name, tensor.Shape, source.Name, shape));
            return false;
        }

        // The kernel over a whole map has separate axes for channels, height and width, so its order needs no change.
        var hasOrder = tensor.FollowsInputs || (tensor is { Part: TensorPart.Weight, Shape.Count: 2 } && !isWholeMap);
        var order = hasOrder ? _orders?.InputOrder(tensor.Layer) : null;
        var isTransposed = convention == WeightConvention.Keras && tensor.Part == TensorPart.Weight && source.Shape.Count > 1;
        _weights.Add(tensor.Name, new(tensor.Shape, TensorLayout.Values(source, convention, order)));
        _filled.Add(new(
            tensor.Name,
            source.Name,
            match,
            (isTransposed ? LayoutChanges.Transposed : 0)
                | (order is null ? 0 : LayoutChanges.FlattenOrder)
                | (isWholeMap ? LayoutChanges.Reshaped : 0)));
        _usedNames.Add(source.Name);
        return true;
    }

    /// <summary>A normalization with statistics but without gamma or beta gets ones or zeros.</summary>
    private bool FillConstant(NetworkTensor tensor)
    {
        if (!tensor.BelongsToNormalization
            || tensor.Part is not (TensorPart.Weight or TensorPart.Bias)
            || !chosen.ContainsKey(new(tensor.Layer.Name, TensorPart.RunningMean)))
        {
            return false;
        }

        var values = new float[tensor.Shape[0]];
        Array.Fill(values, tensor.Part == TensorPart.Weight ? 1 : 0);
        _weights.Add(tensor.Name, new(tensor.Shape, values));
        _filled.Add(new(tensor.Name, null, MatchKind.Constant, LayoutChanges.None));
        return true;
    }

    private string Reason(SourceTensor tensor, string? layer)
    {
        var mismatch = _mismatches.Find(mismatch => mismatch.Source == tensor.Name);
        return (tensor, layer, mismatch) switch
        {
            ({ IsCounter: true }, _, _) => "counts batches, which matters to nothing here",
            ({ Part: null }, _, _) => "is nothing that a network here needs",
            ({ UnreadType: { } type }, _, _) => $"has values of type {type}",
            (_, _, { } differs) =>
                $"has another shape than '{differs.Name}': [{string.Join(", ", differs.SourceShape)}], needed is "
                + $"[{string.Join(", ", differs.Shape)}]",
            (_, not null, _) => $"the layer '{layer}' has no {PartName(tensor.Part)}",
            _ => "no layer goes by this name, and none could be told by order",
        };
    }

    private static string PartName(TensorPart? part) => part switch
    {
        TensorPart.Weight => "weight",
        TensorPart.Bias => "bias",
        _ => "running statistics",
    };

    private static WeightTensor RequireShape(NetworkTensor tensor, WeightTensor made) => made.Shape.SequenceEqual(tensor.Shape)
        ? made
        : throw new ArgumentException(
            $"'{tensor.Name}' must be made with the shape [{string.Join(", ", tensor.Shape)}], received "
            + $"[{string.Join(", ", made.Shape)}].");
}
