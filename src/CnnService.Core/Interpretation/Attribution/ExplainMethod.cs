using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Ways to ask which part of an image an answer rests on.</summary>
public enum ExplainMethod
{
    /// <summary>Selvaraju et al., 2017: each map weighted by its mean gradient.</summary>
    [JsonStringEnumMemberName("grad-cam")]
    GradCam,

    /// <summary>Chattopadhyay et al., 2018: the weights from higher powers of the gradient.</summary>
    [JsonStringEnumMemberName("grad-cam++")]
    GradCamPlusPlus,

    /// <summary>Draelos and Carin, 2020: gradient times activation, cell by cell; faithful for flatten and dense heads too.</summary>
    [JsonStringEnumMemberName("hires-cam")]
    HiresCam,

    /// <summary>Jiang et al., 2021: positive gradient times activation, cell by cell.</summary>
    [JsonStringEnumMemberName("layer-cam")]
    LayerCam,

    /// <summary>Wang et al., 2020: each map weighted by the score of the image seen through it; no gradient.</summary>
    [JsonStringEnumMemberName("score-cam")]
    ScoreCam,

    /// <summary>Simonyan et al., 2013: how much the score changes with each pixel.</summary>
    Saliency,

    /// <summary>Smilkov et al., 2017: the mean squared saliency of noisy copies.</summary>
    [JsonStringEnumMemberName("smoothgrad")]
    SmoothGrad,

    /// <summary>Sundararajan et al., 2017: shares of the score's difference to a baseline image; they sum up to it.</summary>
    [JsonStringEnumMemberName("integrated-gradients")]
    IntegratedGradients,

    /// <summary>Zeiler and Fergus, 2014: what the score loses where a window is covered.</summary>
    Occlusion,

    /// <summary>Petsiuk et al., 2018: how probable the class is under random masks.</summary>
    Rise,
}

/// <summary>What a method needs, and its name in requests.</summary>
public static class ExplainMethods
{
    /// <summary>Null where there is no such method. A plus sign that a URL turned into a space still counts.</summary>
    public static ExplainMethod? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return WireName.Find<ExplainMethod>(name.Replace(' ', '+'));
    }

    /// <summary>The map comes from a layer, and is as coarse as that.</summary>
    public static bool IsOfALayer(ExplainMethod method) => method <= ExplainMethod.ScoreCam;

    /// <summary>Works on a network whose layers are not known.</summary>
    public static bool NeedsNoLayers(ExplainMethod method) => method is ExplainMethod.Occlusion or ExplainMethod.Rise;
}
