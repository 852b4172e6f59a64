using System.Text.Json;
using CnnService.Client;

namespace CnnService.Studio.Tests;

/// <summary>Answers of the service, as few of their fields filled as a test needs.</summary>
internal static class Some
{
    /// <summary>A layer of a network.</summary>
    public static LayerSummary Layer(string name, string type, int[] shape, params string[] inputs) => new()
    {
        Name = name,
        Type = type,
        OutputShape = shape,
        Inputs = inputs,
        Parameters = 0,
        MultiplyAdds = 0,
    };

    /// <summary>80 images of two classes, 60 of them right.</summary>
    public static EvaluationResource Evaluation(Split split) => new()
    {
        Run = "r",
        Epoch = 1,
        Dataset = "pets",
        DatasetRevision = 1,
        Split = split,
        Images = 80,
        LeftOut = 0,
        Loss = 0.5,
        Accuracy = 0.75,
        Classes = [Figures("cats", 30), Figures("dogs", 50)],
        Confusion = [[20, 10], [10, 40]],
        Mistakes = [],
        Links = new Dictionary<string, string>(),
    };

    /// <summary>A run of the data set <c>pets</c>.</summary>
    public static RunResource Run(string request) => new()
    {
        Id = "r",
        State = WorkState.Succeeded,
        Progress = new() { Epoch = 1, Epochs = 1, Step = 1, Steps = 1, PartFraction = 1, Fraction = 1, ImagesPerSecond = 1 },
        Request = JsonSerializer.Deserialize<JsonElement>(request),
        Chosen = new() { Request = new object() },
        Requires = [],
        Dataset = "pets",
        DatasetRevision = 1,
        Model = "pets",
        EndedEarly = false,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>A model with one version.</summary>
    /// <param name="name">The model.</param>
    /// <param name="dataset">What the version was trained on.</param>
    public static ModelResource Model(string name, string dataset) => new()
    {
        Name = name,
        Aliases = new Dictionary<string, int>(),
        Corrupt = [],
        Versions =
        [
            new()
            {
                Model = name,
                Version = 1,
                Classes = ["cats", "dogs"],
                Architecture = "article",
                Input = [64, 64, 3],
                Preprocessing = new()
                {
                    Normalization = NormalizationKind.Rescale,
                    Scale = 1,
                    Mean = [],
                    Std = [],
                    ChannelOrder = ChannelOrder.Rgb,
                },
                Origin = new() { RunId = "r", Dataset = dataset, DatasetDigest = "d", DatasetRevision = 1, Epoch = 1 },
                Files = [],
                Links = new Dictionary<string, string>(),
                CreatedAt = DateTimeOffset.UnixEpoch,
            },
        ],
    };

    private static ClassFigures Figures(string name, int support) =>
        new() { Name = name, Support = support, Predicted = support, Precision = 0.75, Recall = 0.75, F1 = 0.75 };
}
