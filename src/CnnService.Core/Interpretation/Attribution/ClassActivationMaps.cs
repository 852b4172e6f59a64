using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Computes class activation maps of a layer.</summary>
internal sealed class ClassActivationMaps(IClassGradients gradients, PerturbationScores scores, IFeatureMapReader reader)
{
    /// <summary>Weights the feature maps by the gradient of the class score.</summary>
    public Outcome<Explanation> ByGradients(ExplainTask task)
    {
        var planes = new float[task.Space.Length];
        task.Space.ToPlanes(ImageSpace.Values(task.Image), planes);
        var query = new GradientQuery(task.Plan.Layer?.Name, planes, 1, task.Target.OutputWeights, task.Plan.OnGpu);
        return gradients.Read(task.Plan.Model, query).Bind<Explanation>(read =>
        {
            var maps = read.Activations!;
            return task.Enlarged(CamMath.Map(task.Plan.Method, maps, read.Gradients.Span), maps.Height, maps.Width);
        });
    }

    /// <summary>
    /// Score-CAM: weights each map by how much the image masked with it raises the class score above that of the mean colour. Negative
    /// gains count as 0; the weights are divided by their sum. Only the maps with the largest variance are used, as many as the
    /// plan's samples.
    /// </summary>
    public Outcome<Explanation> ByScores(ExplainTask task) => reader.Read(task.Plan.Model, task.Plan.Layer!, task.Image).Bind(maps =>
    {
        int[] chosen = [.. Enumerable.Range(0, maps.Channels).Where(channel => !FeatureMapScaling.IsFlat(maps.Map(channel)))
            .OrderByDescending(channel => Spread(maps.Map(channel))).ThenBy(channel => channel).Take(task.Plan.Samples)];
        var fill = Fill(task);
        var gains = new double[chosen.Length];
        var bare = 0.0;
        var asked = scores.Ask(task, chosen.Length + 1, Copy, (number, logits) =>
        {
            var score = ClassTarget.ScoreOf(logits.Span, task.Target.OutputWeights);
            if (number == 0)
            {
                bare = score;
            }
            else
            {
                gains[number - 1] = Math.Max(0, score - bare);
            }
        });
        return asked.Bind<Explanation>(_ => task.Enlarged(Weighted(maps, chosen, gains), maps.Height, maps.Width) with
        {
            Figures = new Dictionary<string, double> { ["maps"] = chosen.Length },
        });

        byte[] Copy(int number) => number == 0
            ? Perturbation.Cover(task.Image, fill, _ => 0)
            : Masked(task, maps, chosen[number - 1], fill);
    });

    /// <summary>The image masked with a feature map scaled to 0–1; the fill colour shows where the map is 0.</summary>
    private static byte[] Masked(ExplainTask task, LayerActivations maps, int channel, float[] fill)
    {
        var mask = Resampling.Bilinear(maps.Map(channel), maps.Height, maps.Width, task.Height, task.Width);
        var (low, high) = (mask.Min(), mask.Max());
        var range = Math.Max(high - low, 1e-12f);
        return Perturbation.Cover(task.Image, fill, pixel => (mask[pixel] - low) / range);
    }

    private static float[] Weighted(LayerActivations maps, int[] chosen, double[] gains)
    {
        var total = gains.Sum();
        var sum = new float[maps.Height * maps.Width];
        for (var i = 0; i < chosen.Length && total > 0; i++)
        {
            var map = maps.Map(chosen[i]);
            for (var cell = 0; cell < sum.Length; cell++)
            {
                sum[cell] += (float)(gains[i] / total * map[cell]);
            }
        }

        return [.. sum.Select(value => Math.Max(0, value))];
    }

    private static double Spread(ReadOnlySpan<float> map)
    {
        double sum = 0, squares = 0;
        foreach (var value in map)
        {
            sum += value;
            squares += (double)value * value;
        }

        return (squares / map.Length) - (sum / map.Length * (sum / map.Length));
    }

    private static float[] Fill(ExplainTask task) => BaselineImages.MeanColor(task.Plan.Model.Manifest.Preprocessing, task.Image.Channels);
}
