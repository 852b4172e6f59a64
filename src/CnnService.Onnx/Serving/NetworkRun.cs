using CnnService.Core.Classification;

namespace CnnService.Onnx.Serving;

/// <summary>A batch that went through a network.</summary>
/// <param name="Images">In it.</param>
/// <param name="Tensors">Of the whole batch.</param>
/// <param name="Input">Preparing the input.</param>
/// <param name="Inference">Running the network.</param>
/// <param name="Output">Taking the outputs.</param>
internal sealed record NetworkRun(int Images, IReadOnlyList<NamedTensor> Tensors, TimeSpan Input, TimeSpan Inference, TimeSpan Output)
{
    /// <summary>Each request's share of the outputs it asked for.</summary>
    /// <param name="requests">Images and outputs of each, in the order of the batch.</param>
    public IReadOnlyList<NamedTensor>[] Split(IReadOnlyList<(int Count, IReadOnlyList<string> Outputs)> requests)
    {
        var shares = new IReadOnlyList<NamedTensor>[requests.Count];
        var first = 0;
        for (var i = 0; i < shares.Length; i++)
        {
            var (count, outputs) = requests[i];
            shares[i] = [.. outputs.Select(name => Rows(Tensors.First(tensor => tensor.Name == name), first, count))];
            first += count;
        }

        return shares;
    }

    private NamedTensor Rows(NamedTensor tensor, int first, int count)
    {
        if (count == Images)
        {
            return tensor;
        }

        if (tensor.Shape.Count == 0 || tensor.Shape[0] != Images)
        {
            throw new InvalidOperationException(
                $"The output '{tensor.Name}' has no row for each image, so that its batch cannot be shared.");
        }

        var row = tensor.Values.Length / Images;
        return tensor with { Shape = [count, .. tensor.Shape.Skip(1)], Values = tensor.Values.Slice(first * row, count * row) };
    }
}
