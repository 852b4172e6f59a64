namespace CnnService.Core.Visualization.Explaining;

/// <summary>How an answer is explained.</summary>
public enum ExplainMethod
{
    GradCam,
    GradCamPlusPlus,
    HiresCam,
    LayerCam,
    ScoreCam,
    Saliency,
    Smoothgrad,
    IntegratedGradients,
    Occlusion,
    Rise,
}

/// <summary>The names of the methods in the API.</summary>
public static class ExplainMethods
{
    private static readonly IReadOnlyDictionary<string, ExplainMethod> Names = new Dictionary<string, ExplainMethod>(StringComparer.Ordinal)
    {
        ["grad-cam"] = ExplainMethod.GradCam,
        ["grad-cam++"] = ExplainMethod.GradCamPlusPlus,
        ["hires-cam"] = ExplainMethod.HiresCam,
        ["layer-cam"] = ExplainMethod.LayerCam,
        ["score-cam"] = ExplainMethod.ScoreCam,
        ["saliency"] = ExplainMethod.Saliency,
        ["smoothgrad"] = ExplainMethod.Smoothgrad,
        ["integrated-gradients"] = ExplainMethod.IntegratedGradients,
        ["occlusion"] = ExplainMethod.Occlusion,
        ["rise"] = ExplainMethod.Rise,
    };

    public static IEnumerable<string> All => Names.Keys;

    public static ExplainMethod? Find(string name) => Names.TryGetValue(name, out var method) ? method : null;

    public static string NameOf(ExplainMethod method) => Names.First(pair => pair.Value == method).Key;

    /// <summary>Needs nothing but the network's answers: works for graphs that OnnxRuntime alone carries out.</summary>
    public static bool IsForwardOnly(this ExplainMethod method) => method is ExplainMethod.Occlusion or ExplainMethod.Rise;

    /// <summary>Made of a layer's maps.</summary>
    public static bool HasLayer(this ExplainMethod method) => method <= ExplainMethod.ScoreCam;

    /// <summary>Values below zero speak against the class.</summary>
    public static bool IsSigned(this ExplainMethod method) => method == ExplainMethod.IntegratedGradients;
}
