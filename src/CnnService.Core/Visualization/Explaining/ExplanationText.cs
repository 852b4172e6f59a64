using System.Globalization;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>What the picture of an explanation says of itself in the text chunks of its file.</summary>
public static class ExplanationText
{
    public static IReadOnlyList<KeyValuePair<string, string>> Of(LoadedModel model, Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(explanation);
        return
        [
            PictureText.Of("model", $"{model.Name}:{PictureKey.Text(model.Version)}"),
            PictureText.Of("method", ExplainMethods.NameOf(explanation.Method)),
            PictureText.Of("class", explanation.Class),
            PictureText.Of("probability", explanation.Probability.ToString(CultureInfo.InvariantCulture)),
            PictureText.Of("logit", explanation.Logit.ToString(CultureInfo.InvariantCulture)),
            PictureText.Of("peak", explanation.Peak.ToString(CultureInfo.InvariantCulture)),
            PictureText.Of("status", explanation.Status),
        ];
    }
}
