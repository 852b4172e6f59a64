using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Visualization.Explaining;

namespace CnnService.Core.Tests.Visualization.Explaining;

/// <summary>A network that is linear in its picture: logit k is the sum of weight times value. Everything about it is known.</summary>
/// <param name="weights">One row a logit, laid out as a picture, <c>[C,H,W]</c>.</param>
internal sealed class LinearProbe(params float[][] weights) : INetworkProbe
{
    /// <summary>Pictures that were asked about.</summary>
    public int Asked { get; private set; }

    public Outcome<float[]> Logits(LoadedModel model, UnitPictures pictures)
    {
        Asked += pictures.Count;
        return Enumerable.Range(0, pictures.Count).SelectMany(i => weights.Select(row => Sum(row, pictures[i]))).ToArray();
    }

    public Outcome<LayerGradient> OfLayer(LoadedModel model, string layer, UnitPictures picture, IReadOnlyList<float> classWeights) =>
        throw new NotSupportedException("It has no layers.");

    public Outcome<InputGradient> OfInput(LoadedModel model, UnitPictures pictures, IReadOnlyList<float> classWeights)
    {
        var gradient = Enumerable.Range(0, pictures.Size).Select(i => weights.Select((row, k) => row[i] * classWeights[k]).Sum()).ToArray();
        return new InputGradient(Logits(model, pictures).Value, Enumerable.Repeat(gradient, pictures.Count).SelectMany(values => values).ToArray());
    }

    private static float Sum(float[] row, ReadOnlySpan<float> picture)
    {
        var sum = 0f;
        for (var i = 0; i < row.Length; i++)
        {
            sum += row[i] * picture[i];
        }

        return sum;
    }
}
