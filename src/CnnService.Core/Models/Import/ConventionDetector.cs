namespace CnnService.Core.Models.Import;

/// <summary>Tells from the names where a file comes from.</summary>
internal static class ConventionDetector
{
    /// <summary>
    /// Keras where its words prevail; ours where the network's own names do; PyTorch otherwise, and for a network whose
    /// layers are named as PyTorch's modules are: the layouts of both are the same.
    /// </summary>
    /// <param name="source">The file's tensors.</param>
    /// <param name="tensors">The network's.</param>
    /// <param name="published">The names of the preset the network is made of; null where it is of none.</param>
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
