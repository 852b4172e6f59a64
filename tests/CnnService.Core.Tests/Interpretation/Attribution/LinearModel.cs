using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Interpretation.Attribution;

/// <summary>
/// Engines of a network whose only logit that counts is a sum of weighted values of the image: gradients, shares and losses are known
/// without running anything.
/// </summary>
internal sealed class LinearModel(float[] weights, double curve = 0) : IClassGradients, IServedScores, IFeatureMapReader
{
    /// <summary>Whether each call so far was to be run on the GPU.</summary>
    public List<bool> OnGpu { get; } = [];

    /// <summary>The one logit, of the second of two classes. With a curve, half of it times the square is added.</summary>
    public Outcome<float[]> Logits(LoadedModel model, IReadOnlyList<ReadOnlyMemory<byte>> images, bool onGpu = false)
    {
        OnGpu.Add(onGpu);
        return (float[])[.. images.SelectMany(image => new[] { Score([.. image.ToArray().Select(value => value / 255f)]) })];
    }

    public Outcome<ClassGradient> Read(LoadedModel model, GradientQuery query)
    {
        OnGpu.Add(query.OnGpu);
        var (length, area) = (weights.Length, weights.Length / 3);
        var (scores, gradients) = (new List<float>(), new List<float>());
        for (var image = 0; image < query.Count; image++)
        {
            var planes = query.Planes.Slice(image * length, length).ToArray();
            float[] pixels = [.. Enumerable.Range(0, length).Select(i => planes[(i % 3 * area) + (i / 3)])];
            scores.Add(Score(pixels));
            var outer = 1 + (curve * Linear(pixels));
            gradients.AddRange(
                Enumerable.Range(0, length).Select(i => (float)(query.OutputWeights[0] * outer * weights[(i % area * 3) + (i / area)])));
        }

        return new ClassGradient(scores.ToArray(), scores.ToArray(), null, gradients.ToArray());
    }

    public Outcome<byte[]> Export(LoadedModel model, string? layer) => throw new NotSupportedException();

    public Outcome<LayerActivations> Read(LoadedModel model, ResolvedLayer layer, PixelBuffer image, bool beforeActivation = false) =>
        throw new NotSupportedException();

    private double Linear(float[] pixels) => pixels.Zip(weights, (value, weight) => (double)value * weight).Sum();

    private float Score(float[] pixels) => (float)(Linear(pixels) + (curve / 2 * Linear(pixels) * Linear(pixels)));
}
