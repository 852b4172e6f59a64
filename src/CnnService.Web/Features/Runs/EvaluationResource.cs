using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Web.Features.Runs;

/// <summary>How good a run's network is on one part of its data set.</summary>
internal sealed record EvaluationResource
{
    public required string Run { get; init; }

    /// <summary>The epoch whose weights were judged.</summary>
    public required int Epoch { get; init; }

    public required string Dataset { get; init; }

    /// <summary>What was judged on: <c>validation</c>, <c>test</c>, or <c>train</c> where the data set has no validation images.</summary>
    public required Split Split { get; init; }

    public required int Images { get; init; }

    /// <summary>Mean cross-entropy, nats.</summary>
    public required double Loss { get; init; }

    /// <summary>0–1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>In the order of the matrix; a share of nothing is null.</summary>
    public required IReadOnlyList<ClassFigures> Classes { get; init; }

    /// <summary>Images by [true class][predicted class]; empty above 1000 classes.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>The surest wrong answers, surest first, at most 50.</summary>
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
            Split = part.Split,
            Images = part.Images,
            Loss = part.Loss,
            Accuracy = part.Accuracy,
            Classes = part.Classes,
            Confusion = part.Confusion,
            Mistakes = [.. part.Mistakes.Select(mistake => MistakeResource.From(whole.Dataset, mistake))],
            Links = new Dictionary<string, string>
            {
                ["confusion"] = $"/runs/{run}/confusion.png{query}",
                ["cell"] = $"/runs/{run}/confusion/{{true}}/{{predicted}}.png{query}",
                ["mistakes"] = $"/runs/{run}/mistakes.png{query}",
            },
        };
    }
}

/// <summary>An image taken for something else.</summary>
/// <param name="Image">Its id in the data set.</param>
/// <param name="TrueClass">What it is.</param>
/// <param name="PredictedClass">What the network says it is.</param>
/// <param name="Probability">Of the predicted class, 0–1.</param>
/// <param name="TrueProbability">Of the true class, 0–1.</param>
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
