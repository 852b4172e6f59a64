namespace CnnService.Onnx.Import;

/// <summary>
/// Evaluates nodes with constant inputs while the file is read: shape computations as PyTorch writes them, weights that are cast or
/// transposed. Covers only what exporters write for such purposes, and bounds the sizes.
/// </summary>
internal sealed class ConstantFolding
{
    private const int MaxMade = 1 << 20;

    // Number of values that folding may still produce in total: twice the weights of the largest networks.
    private long _remaining = 1 << 28;

    /// <summary>The node's value; null if the node cannot be folded.</summary>
    public ConstantTensor? Fold(GraphNode node)
    {
        if (node.Operation == "Constant")
        {
            return Charge(Literal(node));
        }

        if (node.Operation is "Shape" or "Size" && DimsOf(node.First) is { } known)
        {
            return node.Operation == "Shape" ? ShapeSlice(node, known) : ConstantTensor.Create([], [Shapes.Count(known)]);
        }

        return node.Constant(0) is { } first && node.Inputs.All(input => input is null or ConstantValue)
            ? Charge(Compute(node, first))
            : null;
    }

    private static long[]? DimsOf(Value? value) => value switch
    {
        LayerValue layer => layer.Dims,
        ViewValue view => view.Dims,
        ExpandedValue expanded => expanded.Dims,
        _ => null,
    };

    private ConstantTensor? Charge(ConstantTensor? made)
    {
        _remaining -= made?.Count ?? 0;
        return _remaining >= 0 ? made : null;
    }

    private static ConstantTensor? Literal(GraphNode node)
    {
        if (node.Attribute("value")?.T is { } tensor)
        {
            var read = TensorReading.Read(tensor);
            return read.Succeeded ? read.Value : null;
        }

        return node.Node.Attribute.FirstOrDefault() switch
        {
            { Name: "value_float" } attribute => ConstantTensor.Create([], [attribute.F]),
            { Name: "value_int" } attribute => ConstantTensor.Create([], [attribute.I]),
            { Name: "value_floats" } attribute => ConstantTensor.Create([attribute.Floats.Count], [.. attribute.Floats]),
            { Name: "value_ints" } attribute => ConstantTensor.Create([attribute.Ints.Count], [.. attribute.Ints]),
            _ => null,
        };
    }

    private static ConstantTensor? Compute(GraphNode node, ConstantTensor value) => node.Operation switch
    {
        "Identity" => value,
        "Cast" => Cast(value, node.Integer("to", 0)),
        "Shape" => ShapeSlice(node, [.. value.Dims]),
        "Gather" => Gather(value, node.Constant(1), node.Integer("axis", 0)),
        "Unsqueeze" => Unsqueeze(value, node.Integers("axes", 1)),
        "Squeeze" => Squeeze(value, node.Integers("axes", 1)),
        "Concat" => Concat(node),
        "Slice" => Slice(node, value),
        "Reshape" => Reshape(value, node.Constant(1)?.Integers),
        "Transpose" => Transpose(value, node.Integers("perm")),
        "Neg" => Map(value, x => -x, x => -x),
        "Sqrt" => Map(value, MathF.Sqrt, null),
        "Floor" => Map(value, MathF.Floor, null),
        "ReduceProd" =>
            value.Integers is { } factors ? ConstantTensor.Create([1], [factors.Aggregate(1L, (a, b) => unchecked(a * b))]) : null,
        "ReduceSum" => value is { Integers: { } terms, Dims.Count: < 2 } && node.Integers("axes", 1) is null or [0]
            ? ConstantTensor.Create([1], [terms.Aggregate(0L, (a, b) => unchecked(a + b))])
            : null,
        "Size" => ConstantTensor.Create([], [(long)value.Count]),
        "Abs" => Map(value, MathF.Abs, x => x == long.MinValue ? x : Math.Abs(x)),
        "Ceil" => Map(value, MathF.Ceiling, null),
        "Round" => Map(value, MathF.Round, null),
        "CastLike" => node.Constant(1) is { } like
            ? Cast(value, like.Floats is null ? Format.OnnxTypes.Int64 : Format.OnnxTypes.Float)
            : null,
        "Where" => Where(value, node.Constant(1), node.Constant(2)),
        "Expand" => Expand(value, node.Constant(1)?.Integers),
        "Equal" or "Less" or "Greater" or "Add" or "Sub" or "Mul" or "Div" or "Mod" or "Min" or "Max" =>
            Arithmetic(node.Operation, value, node.Constant(1)),
        "ConstantOfShape" => ConstantOfShape(node, value),
        _ => null,
    };

    private static ConstantTensor ShapeSlice(GraphNode node, long[] dims)
    {
        var (start, end) = ((int)node.Integer("start", 0), (int)Math.Min(node.Integer("end", dims.Length), dims.Length));
        var from = Math.Clamp(start < 0 ? start + dims.Length : start, 0, dims.Length);
        var to = Math.Clamp(end < 0 ? end + dims.Length : end, from, dims.Length);
        return ConstantTensor.Create([to - from], dims[from..to]);
    }

    private static ConstantTensor? Cast(ConstantTensor value, long type) => type switch
    {
        Format.OnnxTypes.Float or Format.OnnxTypes.Double => ConstantTensor.Create(value.Dims, value.AsFloats()),
        Format.OnnxTypes.Int64 or Format.OnnxTypes.Int32 =>
            ConstantTensor.Create(value.Dims, value.Integers ?? [.. value.Floats!.Select(x => (long)x)]),
        _ => null,
    };

    private static ConstantTensor? Gather(ConstantTensor value, ConstantTensor? indices, long axis)
    {
        if (indices?.Integers is not { } wanted || value.Dims.Count != 1 || axis is not (0 or -1)
            || wanted.Any(i => i < -value.Count || i >= value.Count))
        {
            return null;
        }

        return value.Gather(indices.Dims, [.. wanted.Select(i => (int)(i < 0 ? i + value.Count : i))]);
    }

    private static ConstantTensor? Unsqueeze(ConstantTensor value, IReadOnlyList<long>? axes)
    {
        if (axes is null)
        {
            return null;
        }

        var rank = value.Dims.Count + axes.Count;
        var dims = new List<long>(value.Dims);
        foreach (var axis in axes.Select(axis => axis < 0 ? axis + rank : axis).Order())
        {
            if (axis < 0 || axis > dims.Count)
            {
                return null;
            }

            dims.Insert((int)axis, 1);
        }

        return value.Reshape(dims);
    }

    private static ConstantTensor? Squeeze(ConstantTensor value, IReadOnlyList<long>? axes)
    {
        var gone = axes?.Select(axis => axis < 0 ? axis + value.Dims.Count : axis).ToHashSet();
        var dims = value.Dims.Where((size, i) => gone is null ? size != 1 : !gone.Contains(i)).ToArray();
        return dims.Aggregate(1L, (a, b) => a * b) == value.Count ? value.Reshape(dims) : null;
    }

    private static ConstantTensor? Concat(GraphNode node)
    {
        var parts = node.Inputs.OfType<ConstantValue>().Select(part => part.Tensor).ToArray();
        return parts.All(part => part.Dims.Count <= 1 && part.Integers is not null)
            ? ConstantTensor.Create([parts.Sum(part => part.Count)], [.. parts.SelectMany(part => part.Integers!)])
            : null;
    }

    private static ConstantTensor? Slice(GraphNode node, ConstantTensor value)
    {
        if (value.Dims.Count != 1 || node.Integers("starts", 1) is not [var start] || node.Integers("ends", 2) is not [var end]
            || (node.Integers("steps", 4) ?? [1]) is not [1])
        {
            return null;
        }

        var from = (int)Math.Clamp(start < 0 ? start + value.Count : start, 0, value.Count);
        var to = (int)Math.Clamp(end < 0 ? end + value.Count : end, from, value.Count);
        return value.Gather([to - from], [.. Enumerable.Range(from, to - from)]);
    }

    private static ConstantTensor? Reshape(ConstantTensor value, IReadOnlyList<long>? target) =>
        target is not null && Shapes.Resolve(value.Dims, target) is { } dims ? value.Reshape(dims) : null;

    private static ConstantTensor? Transpose(ConstantTensor value, IReadOnlyList<long>? order)
    {
        var rank = value.Dims.Count;
        var axes = (order ?? [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)]).Select(axis => (int)axis).ToArray();
        if (!axes.Order().SequenceEqual(Enumerable.Range(0, rank)))
        {
            return null;
        }

        var steps = new int[rank];
        for (var (axis, step) = (rank - 1, 1); axis >= 0; axis--)
        {
            steps[axis] = step;
            step *= (int)value.Dims[axis];
        }

        long[] dims = [.. axes.Select(axis => value.Dims[axis])];
        var places = new int[value.Count];
        for (var i = 0; i < places.Length; i++)
        {
            var rest = i;
            for (var axis = rank - 1; axis >= 0; axis--)
            {
                places[i] += rest % (int)dims[axis] * steps[axes[axis]];
                rest /= (int)dims[axis];
            }
        }

        return value.Gather(dims, places);
    }

    private static ConstantTensor? Map(ConstantTensor value, Func<float, float> floats, Func<long, long>? integers) =>
        value.Floats is { } numbers ? ConstantTensor.Create(value.Dims, [.. numbers.Select(floats)])
        : integers is not null ? ConstantTensor.Create(value.Dims, [.. value.Integers!.Select(integers)])
        : null;

    /// <summary>Elementwise, for operands of the same count or with one being a single value.</summary>
    private static ConstantTensor? Arithmetic(string operation, ConstantTensor left, ConstantTensor? right)
    {
        if (right is null || (left.Floats is null) != (right.Floats is null)
            || (left.Count != right.Count && left.Count != 1 && right.Count != 1))
        {
            return null;
        }

        var dims = left.Count == right.Count
            ? (left.Dims.Count >= right.Dims.Count ? left.Dims : right.Dims)
            : left.Count > right.Count ? left.Dims : right.Dims;
        var count = Math.Max(left.Count, right.Count);
        if (left.Count == right.Count && left.Count > 1 && !left.Dims.SequenceEqual(right.Dims))
        {
            return null;
        }

        if (operation is "Equal" or "Less" or "Greater")
        {
            return Comparison(operation, dims, count, left, right);
        }

        return left.Floats is null ? Integers(operation, dims, count, left.Integers!, right.Integers!)
            : operation == "Mod" ? null
            : ConstantTensor.Create(dims,
                [.. Enumerable.Range(0, count)
                    .Select(i => Apply(operation, left.Floats[left.Count == 1 ? 0 : i], right.Floats![right.Count == 1 ? 0 : i]))]);
    }

    private static ConstantTensor? Integers(string operation, IReadOnlyList<long> dims, int count, long[] left, long[] right) =>
        operation is "Div" or "Mod" && right.Any(x => x is 0 or -1)
        ? null
        : ConstantTensor.Create(dims,
            [.. Enumerable.Range(0, count)
                .Select(i => Apply(operation, left[left.Length == 1 ? 0 : i], right[right.Length == 1 ? 0 : i]))]);

    private static T Apply<T>(string operation, T left, T right)
        where T : System.Numerics.INumber<T> => unchecked(operation switch
        {
            "Add" => left + right,
            "Sub" => left - right,
            "Mul" => left * right,
            "Min" => T.Min(left, right),
            "Max" => T.Max(left, right),
            "Mod" => left - (right * Floored(left, right)),
            _ => left / right,
        });

    /// <summary>The quotient rounded down: a remainder has the sign of the divisor.</summary>
    private static T Floored<T>(T left, T right)
        where T : System.Numerics.INumber<T>
    {
        var quotient = left / right;
        return quotient * right != left && (left < T.Zero) != (right < T.Zero) ? quotient - T.One : quotient;
    }

    private static ConstantTensor Comparison(
        string operation, IReadOnlyList<long> dims, int count, ConstantTensor left, ConstantTensor right)
    {
        int Order(int i) => left.Floats is { } floats
            ? floats[left.Count == 1 ? 0 : i].CompareTo(right.Floats![right.Count == 1 ? 0 : i])
            : left.Integers![left.Count == 1 ? 0 : i].CompareTo(right.Integers![right.Count == 1 ? 0 : i]);
        return ConstantTensor.Create(dims, [.. Enumerable.Range(0, count).Select(i => operation switch
        {
            "Equal" => Order(i) == 0,
            "Less" => Order(i) < 0,
            _ => Order(i) > 0,
        } ? 1L : 0L)]);
    }

    private static ConstantTensor? Where(ConstantTensor condition, ConstantTensor? yes, ConstantTensor? no)
    {
        if (condition.Integers is not { } chosen || yes is null || no is null || (yes.Floats is null) != (no.Floats is null)
            || new[] { yes, no }.Any(value => value.Count != 1 && value.Count != chosen.Length))
        {
            return null;
        }

        T Of<T>(T[] values, int i) => values[values.Length == 1 ? 0 : i];
        return yes.Floats is null
            ? ConstantTensor.Create(condition.Dims, [.. chosen.Select((x, i) => Of(x != 0 ? yes.Integers! : no.Integers!, i))])
            : ConstantTensor.Create(condition.Dims, [.. chosen.Select((x, i) => Of(x != 0 ? yes.Floats! : no.Floats!, i))]);
    }

    /// <summary>Repeats a single value, or changes nothing.</summary>
    private static ConstantTensor? Expand(ConstantTensor value, long[]? target)
    {
        if (target is null || Shapes.Broadcast(value.Dims, target) is not { } dims || dims.Aggregate(1.0, (a, b) => a * b) > MaxMade)
        {
            return null;
        }

        return dims.SequenceEqual(value.Dims) ? value
            : value.Count == 1 ? value.Gather(dims, new int[Shapes.Count(dims)])
            : null;
    }

    private static ConstantTensor? ConstantOfShape(GraphNode node, ConstantTensor shape)
    {
        if (shape.Integers is not { } dims || dims.Any(size => size is < 0 or > MaxMade) || dims.Aggregate(1.0, (a, b) => a * b) > MaxMade)
        {
            return null;
        }

        var count = (int)dims.Aggregate(1L, (a, b) => a * b);
        var one = Literal(node);
        return one?.Integers is [var whole] ? ConstantTensor.Create(dims, Enumerable.Repeat(whole, count).ToArray())
            : ConstantTensor.Create(dims, Enumerable.Repeat(one?.Floats is [var number] ? number : 0, count).ToArray());
    }
}
