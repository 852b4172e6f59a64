namespace CnnService.Core.Models.Import;

/// <summary>Detects the naming convention of a weights file from its tensor names.</summary>
internal static class ConventionDetector
{
    /// <summary>
    /// Keras where its terms are the majority; this service's own where the network's own names are; otherwise PyTorch, also for a network
    /// whose layers are named like PyTorch's modules: the layouts of both are the same.
    /// </summary>
    /// <param name="source">The file's tensors.</param>
    /// <param name="tensors">The network's tensors.</param>
    /// <param name="published">Published names of the network's preset; null where it is not a preset.</param>
    public static WeightConvention Detect(
        IReadOnlyList<SourceTensor> source, IReadOnlyList<NetworkTensor> tensors, PublishedNames? published)
    {
        var keras = source.Count(tensor => tensor.Hint == WeightConvention.Keras);
        if (keras > source.Count(tensor => tensor.Hint == WeightConvention.PyTorch))
        {
            return WeightConvention.Keras;
        }

        var names = tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var own = source.Count(tensor => names.Contains(tensor.Name));
        var foreign = published is null ? 0 : source.Count(tensor => published.PyTorch.ContainsKey(LayerMatcher.Unwrap(tensor.Path)));
        return own > foreign && published is not { AreOwn: true } ? WeightConvention.Own : WeightConvention.PyTorch;
    }
}
