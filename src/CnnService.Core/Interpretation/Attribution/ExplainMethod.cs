using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Attribution methods: which parts of an image a prediction depends on.</summary>
public enum ExplainMethod
{
    /// <summary>Selvaraju et al., 2017: feature maps weighted by their mean gradient.</summary>
    [JsonStringEnumMemberName("grad-cam")]
    GradCam,

    /// <summary>Chattopadhyay et al., 2018: weights from higher powers of the gradient.</summary>
    [JsonStringEnumMemberName("grad-cam++")]
    GradCamPlusPlus,

    /// <summary>Draelos and Carin, 2020: gradient times activation per cell; also faithful for flatten and dense heads.</summary>
    [JsonStringEnumMemberName("hires-cam")]
    HiresCam,

    /// <summary>Jiang et al., 2021: positive gradient times activation per cell.</summary>
    [JsonStringEnumMemberName("layer-cam")]
    LayerCam,

    /// <summary>Wang et al., 2020: feature maps weighted by the score of the image masked with them; no gradient.</summary>
    [JsonStringEnumMemberName("score-cam")]
    ScoreCam,

    /// <summary>Simonyan et al., 2013: magnitude of the gradient of the score by each pixel.</summary>
    Saliency,

    /// <summary>Smilkov et al., 2017: mean squared saliency of noisy copies.</summary>
    [JsonStringEnumMemberName("smoothgrad")]
    SmoothGrad,

    /// <summary>Sundararajan et al., 2017: attributes the score's difference to a baseline image; the attributions sum up to it.</summary>
    [JsonStringEnumMemberName("integrated-gradients")]
    IntegratedGradients,

    /// <summary>Zeiler and Fergus, 2014: how much the score drops when a window is covered.</summary>
    Occlusion,

    /// <summary>Petsiuk et al., 2018: class probability under random masks.</summary>
    Rise,
}

/// <summary>Properties of the methods, and their names in requests.</summary>
public static class ExplainMethods
{
    /// <summary>The method of a wire name; null if there is none. A space stands for the plus sign that URL decoding replaced.</summary>
    public static ExplainMethod? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return WireName.Find<ExplainMethod>(name.Replace(' ', '+'));
    }

    /// <summary>True if the map is computed from a layer, at the layer's resolution.</summary>
    public static bool UsesLayer(ExplainMethod method) => method <= ExplainMethod.ScoreCam;

    /// <summary>True if the method runs the network many times, which takes seconds; the others take a moment.</summary>
    public static bool RunsNetworkOften(this ExplainMethod method) => method is ExplainMethod.ScoreCam or ExplainMethod.SmoothGrad
        or ExplainMethod.IntegratedGradients or ExplainMethod.Occlusion or ExplainMethod.Rise;

    /// <summary>True if the method works on networks whose layers are not known.</summary>
    public static bool NeedsNoLayers(ExplainMethod method) => method is ExplainMethod.Occlusion or ExplainMethod.Rise;
}
