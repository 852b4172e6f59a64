using System.Numerics.Tensors;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Training.Fitting;

/// <summary>A linear classifier of features.</summary>
/// <param name="Weights"><c>[classes, width]</c>.</param>
/// <param name="Biases">One a class.</param>
internal sealed record LinearClassifier(float[] Weights, float[] Biases)
{
    public int Classes => Biases.Length;

    /// <summary>The logits of each row, <c>[rows, classes]</c>.</summary>
    public float[] Logits(FeatureTable table)
    {
        var logits = new float[table.Count * Classes];
        Parallel.For(0, table.Count, row =>
        {
            for (var k = 0; k < Classes; k++)
            {
                logits[(row * Classes) + k] =
                    TensorPrimitives.Dot(table.Row(row), Weights.AsSpan(k * table.Width, table.Width)) + Biases[k];
            }
        });
        return logits;
    }

    /// <summary>Loss and accuracy of the rows: <see cref="LabelledLogits.Judge"/>.</summary>
    public (double Loss, double Accuracy) Judge(FeatureTable table) =>
        new LabelledLogits(Logits(table), table.Labels) { Sets = table.Sets }.Judge();
}
