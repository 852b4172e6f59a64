using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Web.Features.Runs;

/// <summary>Evaluation of a run's network on one split of its data set.</summary>
internal sealed record EvaluationResource
{
    public required string Run { get; init; }

    /// <summary>The epoch whose weights were evaluated.</summary>
    public required int Epoch { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Number of the data set's revision.</summary>
    public required int DatasetRevision { get; init; }

    /// <summary>The evaluated split: <c>validation</c>, <c>test</c>, or <c>train</c> if the data set has no validation images.</summary>
    public required Split Split { get; init; }

    public required int Images { get; init; }

    /// <summary>Images of the split that are not counted, because the strength of the classifier was chosen on them.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Mean cross-entropy in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>0–1.</summary>
    public required double Accuracy { get; init; }

    public MultiLabelFigures? MultiLabel { get; init; }

    /// <summary>Metrics per class in the order of the matrix; a ratio with denominator 0 is null.</summary>
    public required IReadOnlyList<ClassFigures> Classes { get; init; }

    /// <summary>Number of images by [true class][predicted class]; empty above 1000 classes.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>Wrong predictions, the most confident first, at most 50.</summary>
    public required IReadOnlyList<MistakeResource> Mistakes { get; init; }

    public required IReadOnlyDictionary<string, string> Links { get; init; }

    public static EvaluationResource From(string run, RunEvaluation whole, SplitEvaluation part)
    {
        var query = part.Split == Split.Test ? "?split=test" : string.Empty;
        return new()
        {
            Run = run,
            Epoch = whole.Epoch,
            Dataset = whole.Dataset,
            DatasetRevision = whole.DatasetRevision,
            Split = part.Split,
            Images = part.Images,
            LeftOut = part.LeftOut,
            Loss = part.Loss,
            Accuracy = part.Accuracy,
            MultiLabel = part.MultiLabel,
            Classes = part.Classes,
            Confusion = part.Confusion,
            Mistakes = [.. part.Mistakes.Select(mistake => MistakeResource.From(whole.Reference, mistake))],
            Links = part.MultiLabel is not null ? new Dictionary<string, string>() : new Dictionary<string, string>
            {
                ["confusion"] = $"/runs/{run}/confusion.png{query}",
                ["cell"] = $"/runs/{run}/confusion/{{true}}/{{predicted}}.png{query}",
                ["mistakes"] = $"/runs/{run}/mistakes.png{query}",
            },
        };
    }
}

/// <summary>A misclassified image.</summary>
/// <param name="Image">Id of the image in the data set.</param>
/// <param name="TrueClass">The true class.</param>
/// <param name="PredictedClass">The predicted class.</param>
/// <param name="Probability">Probability of the predicted class, 0–1.</param>
/// <param name="TrueProbability">Probability of the true class, 0–1.</param>
/// <param name="Links">The image and its thumbnail.</param>
internal sealed record MistakeResource(
    string Image, string TrueClass, string PredictedClass, double Probability, double TrueProbability,
    IReadOnlyDictionary<string, string> Links)
{
    public static MistakeResource From(string dataset, Mistake mistake)
    {
        var image = $"/datasets/{dataset}/images/{mistake.Image}";
        return new(mistake.Image, mistake.TrueClass, mistake.PredictedClass, mistake.Probability, mistake.TrueProbability,
            new Dictionary<string, string>
            {
                ["image"] = image,
                ["thumbnail"] = $"{image}?size=128",
            });
    }
}
