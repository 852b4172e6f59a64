using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>Maps the weights of another library onto a network. The README in this folder lists the names it recognizes.</summary>
public static class WeightImport
{
    /// <summary>
    /// Takes the tensors that fit and reports the rest: a partial file is loaded partially. Problem codes: <c>weights.too-many</c>,
    /// <c>weights.name</c>, <c>weights.ambiguous</c> (two tensors for one, or layers that only an order lost in the file could tell
    /// apart), <c>weights.type</c> (a needed tensor was not read),
    /// <c>weights.not-finite</c> (a needed tensor holds NaN or infinity).
    /// </summary>
    public static Outcome<ImportedWeights> Map(WeightImportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (CheckLimits(request) is { } problem)
        {
            return problem;
        }

        var tensors = NetworkTensor.List(request.Network);
        var published = PublishedNames.Find(request.Network);
        var source = Parse(request);
        var convention = request.Convention ?? ConventionDetector.Detect(source, tensors, published);
        if (convention == WeightConvention.Keras)
        {
            source = [.. source.Select(tensor => tensor with { Path = SourceNames.RemoveRepeatedName(tensor.Path) })];
        }

        return new LayerMatcher(tensors, convention, published).Match(Layers(source, convention, request.Types)).Bind(matches =>
            AssignTensors(source, matches)
            .Bind(chosen => ValidateValues(chosen, tensors) is { } fault ? fault : Outcome.Success(chosen))
            .Bind<ImportedWeights>(
                chosen => new TensorFiller(request, convention, chosen).Fill(tensors, source, matches, published?.Preset)));
    }

    private static Problem? CheckLimits(WeightImportRequest request)
    {
        var count = (long)request.Source.Count + request.Unread.Count;
        if (count > WeightImportRequest.MaxTensors)
        {
            return Problem.Unprocessable("weights.too-many",
                $"A file of weights may hold at most {WeightImportRequest.MaxTensors} tensors, received {count}.");
        }

        var tooLong = request.Source.Names.Concat(request.Unread.Keys)
            .FirstOrDefault(name => name.Length > WeightImportRequest.MaxNameLength);
        return tooLong is null
            ? null
            : Problem.Unprocessable(
                "weights.name",
                $"The name of a tensor may have at most {WeightImportRequest.MaxNameLength} characters, received "
                + $"{tooLong.Length}: '{tooLong[..40]}…'.");
    }

    private static IReadOnlyList<SourceTensor> Parse(WeightImportRequest request) =>
    [
        .. request.Source.All.Select(pair => SourceNames.Parse(pair.Key, pair.Value.Shape, pair.Value.Data)),
        .. request.Unread.Select(pair => SourceNames.Parse(pair.Key, [], null) with { UnreadType = pair.Value }),
    ];

    private static IReadOnlyList<SourceLayer> Layers(
        IReadOnlyList<SourceTensor> source, WeightConvention convention, IReadOnlyDictionary<string, string> types) =>
        [.. source.Where(tensor => tensor.Part is not null).GroupBy(tensor => tensor.Path).Select(layer =>
        {
            var isNormalization = layer.Any(tensor => tensor.Part is TensorPart.RunningMean);
            var telling = layer.FirstOrDefault(tensor => tensor.Part == (isNormalization ? TensorPart.RunningMean : TensorPart.Weight));
            return new SourceLayer(
                layer.Key,
                telling?.Data is null ? null : LayerMatcher.Signature(isNormalization, TensorLayout.Shape(telling, convention)),
                types.GetValueOrDefault(layer.First().Name));
        })];

    /// <summary>Assigns at most one tensor of the file to each of the network's tensors.</summary>
    private static Outcome<IReadOnlyDictionary<TensorKey, SourceTensor>> AssignTensors(
        IReadOnlyList<SourceTensor> source, Dictionary<string, LayerMatch> matches)
    {
        var chosen = new Dictionary<TensorKey, SourceTensor>();
        foreach (var tensor in source)
        {
            if (tensor.Part is { } part && matches.TryGetValue(tensor.Path, out var match)
                && !chosen.TryAdd(new(match.Layer, part), tensor))
            {
                return Problem.Unprocessable(
                    "weights.ambiguous",
                    $"Each tensor of a layer may be there once, but '{chosen[new(match.Layer, part)].Name}' and "
                    + $"'{tensor.Name}' both stand for one of '{match.Layer}'.");
            }
        }

        return Outcome.Success<IReadOnlyDictionary<TensorKey, SourceTensor>>(chosen);
    }

    /// <summary>Checks that the values of every needed tensor were read and are finite.</summary>
    private static Problem? ValidateValues(IReadOnlyDictionary<TensorKey, SourceTensor> chosen, IReadOnlyList<NetworkTensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (!chosen.TryGetValue(new(tensor.Layer.Name, tensor.Part), out var source))
            {
                continue;
            }

            if (source.Data is null)
            {
                return Problem.Unprocessable(
                    "weights.type",
                    $"Weights must be of type F64, F32, F16 or BF16, but '{source.Name}' has the type {source.UnreadType}.");
            }

            if (source.Data.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            {
                return Problem.Unprocessable("weights.not-finite",
                    $"Weights must be finite float32 numbers, but '{source.Name}' holds NaN or infinity.");
            }
        }

        return null;
    }
}

/// <summary>Identifies a tensor of the network by layer and part.</summary>
internal readonly record struct TensorKey(string Layer, TensorPart Part);
