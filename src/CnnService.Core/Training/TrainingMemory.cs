using CnnService.Core.Architecture;

namespace CnnService.Core.Training;

/// <summary>
/// Estimates the memory of a training before it starts. Weights count four times (values, gradients, two optimizer states), every layer's
/// output for each image of a batch as kept for the backward pass, and the gradients of the two largest outputs. In float32: bfloat16 takes
/// less. A margin of 70 % covers the libraries' own buffers; with it, estimates are within 30 % of the peaks measured on the article's
/// network (batches of 32 and 256) and on ResNet-18.
/// </summary>
public static class TrainingMemory
{
    private const int Bytes = sizeof(float);
    private const int CopiesPerWeight = 4;
    private const double Margin = 1.7;

    /// <summary>Estimated bytes, without the program itself.</summary>
    /// <param name="network">The network to train.</param>
    /// <param name="batchSize">Images per step.</param>
    public static double Estimate(ResolvedNetwork network, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(network);
        var weights = (double)network.Layers.Sum(layer => layer.Parameters);
        var values = network.Spec.Input.Shape.Elements + network.Layers.Sum(layer => (double)layer.OutputShape.Elements);
        var gradients = 2.0 * network.Layers.Max(layer => layer.OutputShape.Elements);
        return Margin * Bytes * ((CopiesPerWeight * weights) + (batchSize * (values + gradients)));
    }
}
