using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Interpretation;

/// <summary>Answers with ramps: filter 0 is silent, each further one steeper; each cell is shifted by the image's first byte.</summary>
internal sealed class RampReader : IFeatureMapReader
{
    public const int Side = 6;

    /// <summary>What was asked for last.</summary>
    public (string Layer, bool BeforeActivation) Asked { get; private set; }

    public Outcome<LayerActivations> Read(LoadedModel model, ResolvedLayer layer, PixelBuffer image, bool beforeActivation = false)
    {
        Asked = (layer.Name, beforeActivation);
        var values = new float[SomeModel.Filters * Side * Side];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (i / (Side * Side) * (i % (Side * Side))) + image.Data[0];
        }

        return new LayerActivations(SomeModel.Filters, Side, Side, values);
    }
}
