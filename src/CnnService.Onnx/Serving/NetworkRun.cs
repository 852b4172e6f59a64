using CnnService.Core.Classification;

namespace CnnService.Onnx.Serving;

/// <summary>The outputs and timings of one batch.</summary>
/// <param name="Images">Number of images.</param>
/// <param name="Tensors">Outputs of the whole batch.</param>
/// <param name="Input">Time to prepare the input.</param>
/// <param name="Inference">Time in the network.</param>
/// <param name="Output">Time to copy the outputs.</param>
internal sealed record NetworkRun(int Images, IReadOnlyList<NamedTensor> Tensors, TimeSpan Input, TimeSpan Inference, TimeSpan Output)
{
    /// <summary>Splits the outputs by request; each gets the rows of its images.</summary>
    /// <param name="requests">Number of images and requested outputs of each request, in the order of the batch.</param>
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
