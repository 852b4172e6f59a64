using CnnService.Core.Classification.Bulk;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Api;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Classify;

/// <summary>A job that classifies a data set, and its result.</summary>
internal sealed record ClassifyJobResource
{
    public required string Id { get; init; }

    public required WorkState State { get; init; }

    public required ClassifyJobProgress Progress { get; init; }

    public required string Model { get; init; }

    /// <summary>The version that the request's reference named when it was received; aliases that move later have no effect.</summary>
    public required int Version { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Number of the data set's revision.</summary>
    public required int DatasetRevision { get; init; }

    /// <summary>The split that is classified; null: all images.</summary>
    public Split? Split { get; init; }

    /// <summary>Evaluation against the true classes; null until the job has succeeded, or if the model does not know all of them.</summary>
    public ClassifyJobEvaluation? Evaluation { get; init; }

    /// <summary>Images that are known; null where the version cannot tell.</summary>
    public int? Known { get; init; }

    /// <summary>Classes of the data set that the model does not know; null until the job has succeeded.</summary>
    public IReadOnlyList<string>? UnknownClasses { get; init; }

    /// <summary>Why the job failed; null if it did not.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Links to the tables of predictions, which exist once the job has succeeded.</summary>
    public required IReadOnlyDictionary<string, string> Links { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <param name="row">The job.</param>
    /// <param name="result">Null until there is a result.</param>
    public static ClassifyJobResource From(ClassifyJobRow row, BulkResult? result) => new()
    {
        Id = row.Id,
        State = row.Work.State,
        Progress = ClassifyJobProgress.From(row),
        Model = row.Model,
        Version = row.Version,
        Dataset = row.Dataset,
        DatasetRevision = row.DatasetRevision,
        Split = row.Split,
        Evaluation = result?.Evaluation is { } judged
            ? new(judged.Images, judged.Accuracy, judged.Loss, judged.Classes, judged.Confusion, judged.MultiLabel)
            : null,
        Known = result?.Known,
        UnknownClasses = result?.UnknownClasses,
        Failure = Failure.From(row.Work.Failure),
        Links = new Dictionary<string, string>
        {
            ["csv"] = $"/classify/jobs/{row.Id}/predictions.csv",
            ["parquet"] = $"/classify/jobs/{row.Id}/predictions.parquet",
        },
        CreatedAt = row.CreatedAt,
        StartedAt = row.Work.StartedAt,
        FinishedAt = row.Work.FinishedAt,
    };
}

/// <param name="Done">Images classified.</param>
/// <param name="Total">Number of images.</param>
/// <param name="ImagesPerSecond">Throughput since the job was started or resumed; null before the first batch.</param>
/// <param name="EtaSeconds">Estimated remaining seconds; null if the job is not running.</param>
internal sealed record ClassifyJobProgress(int Done, int Total, double? ImagesPerSecond, double? EtaSeconds)
{
    /// <summary>Completed fraction, 0–1.</summary>
    public double Fraction => Total == 0 ? 0 : (double)Done / Total;

    public static ClassifyJobProgress From(ClassifyJobRow row) => new(
        row.Done,
        row.Total,
        row.ImagesPerSecond,
        row is { Work.State: WorkState.Running, ImagesPerSecond: > 0 and var rate } ? (row.Total - row.Done) / rate : null);
}

/// <param name="Images">Number of evaluated images.</param>
/// <param name="Accuracy">Share of images whose most probable class is the true one, 0–1.</param>
/// <param name="Loss">Mean cross-entropy in nats.</param>
/// <param name="Classes">Metrics per class in the order of the matrix: the data set's classes, then further ones that the
/// model knows.</param>
/// <param name="Confusion">Number of images by [true class][predicted class]; empty above 1000 classes.</param>
/// <param name="MultiLabel">Of a `multiLabel` version.</param>
internal sealed record ClassifyJobEvaluation(
    int Images, double Accuracy, double Loss, IReadOnlyList<ClassFigures> Classes, IReadOnlyList<IReadOnlyList<int>> Confusion,
    MultiLabelFigures? MultiLabel);
