using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// Gradients by <c>backward</c>, which reports a lack of memory as an exception: in <c>autograd.grad</c> TorchSharp lets the native one end
/// the process.
/// </summary>
internal static class Gradients
{
    /// <summary>The gradient of a value by each input, in their order; they belong to the caller's dispose scope.</summary>
    /// <param name="value">A scalar, or anything else if there are weights.</param>
    /// <param name="inputs">What the value was computed from, leaves or not. None has a gradient of its own, before and after.</param>
    /// <param name="weights">Of the value's elements in the sum that is differentiated; of the value's shape.</param>
    internal static Tensor[] Compute(Tensor value, IList<Tensor> inputs, Tensor? weights = null)
    {
        autograd.backward([value], weights is null ? null : [weights], inputs: inputs);
        Tensor[] gradients = [.. inputs.Select(input => input.grad!)];
        foreach (var input in inputs)
        {
            input.grad = null;
        }

        return gradients;
    }
}
