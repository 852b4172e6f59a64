using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests;

/// <summary>
/// A network whose answers are known without running it: filter 0 is the red channel, filter 1 the blue one, their means times
/// <see cref="Gain"/> are the logits of "red" and "blue".
/// </summary>
internal static class RedOrBlue
{
    public const int Side = 32;

    public const double Gain = 4;

    public static readonly string[] Classes = ["red", "blue"];

    /// <summary>Publishes it as the next version of a model; answers the version.</summary>
    /// <param name="service">Serves it.</param>
    /// <param name="name">The model.</param>
    /// <param name="towardsRed">Added to the logit of "red".</param>
    /// <param name="change">What else its manifest says; null: nothing.</param>
    public static async Task<int> PublishAsync(
        CnnServiceApplication service, string name, float towardsRed = 0, Func<ModelManifest, ModelManifest>? change = null)
    {
        var models = service.Services.GetRequiredService<ModelStore>();
        var preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []);
        var weights = Weights(towardsRed);
        var onnx = service.Services.GetRequiredService<IModelExporter>().Export(Network(), weights, Classes, preprocessing);
        var manifest = new ModelManifest
        {
            Classes = Classes,
            Network = Network().Spec,
            Architecture = "custom",
            Preprocessing = preprocessing,
            Files = [],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        manifest = change?.Invoke(manifest) ?? manifest;
        return await models.PublishAsync(
            name,
            runId: null,
            "test",
            files: null,
            next =>
            {
                ModelPackage.Write(service.Services.GetRequiredService<DataFolders>().ModelVersion(name, next), manifest, onnx, weights);
                return next;
            },
            CancellationToken.None);
    }

    /// <summary>The probability of "red" for an image of one colour, by the definition of softmax.</summary>
    public static double Red(byte red, byte blue, double towardsRed = 0) => 1 / (1 + Math.Exp((Gain * (blue - red) / 255.0) - towardsRed));

    /// <summary>A PNG of one colour.</summary>
    public static byte[] Image(byte red, byte green, byte blue, int side = Side)
    {
        var pixels = new PixelBuffer(side, side, 3);
        for (var i = 0; i < side * side; i++)
        {
            (pixels.Data[3 * i], pixels.Data[(3 * i) + 1], pixels.Data[(3 * i) + 2]) = (red, green, blue);
        }

        return new PngEncoder().Encode(pixels, []);
    }

    public static ResolvedNetwork Network()
    {
        var errors = new ValidationErrors();
        var spec = new NetworkSpec(
            new InputSpec(Side, Side, 3),
            [
                new Conv2dLayer { Name = "conv_1", Filters = 2, KernelSize = new(1, 1), Activation = ActivationKind.Relu },
                new GlobalAveragePooling2dLayer { Name = "pool" },
                new DenseLayer { Name = "output", Units = 2 },
            ]);
        return NetworkSpecValidator.Resolve(spec, Classes.Length, errors)
            ?? throw new InvalidOperationException(string.Join(", ", errors.ToDictionary().SelectMany(e => e.Value)));
    }

    public static NamedWeights Weights(float towardsRed)
    {
        var weights = new NamedWeights();
        weights.Add("conv_1.weight", new([2, 3, 1, 1], [1, 0, 0, 0, 0, 1]));
        weights.Add("conv_1.bias", new([2], [0, 0]));
        weights.Add("output.weight", new([2, 2], [(float)Gain, 0, 0, (float)Gain]));
        weights.Add("output.bias", new([2], [towardsRed, 0]));
        return weights;
    }
}
