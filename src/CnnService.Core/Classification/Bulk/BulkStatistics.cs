using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Classification.Bulk;

/// <summary>
/// Evaluates scores against the true classes, if an image has one and the model knows all of them. Not thread safe.
/// </summary>
public sealed class BulkStatistics
{
    private readonly BulkPlan _plan;
    private readonly IReadOnlyList<string> _common;
    private readonly ClassAlignment _alignment;
    private readonly EvaluationStatistics? _evaluation;
    private int _images;

    public BulkStatistics(BulkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _common = ClassAlignment.Common(plan.Dataset.Classes, plan.Classes);
        _alignment = new ClassAlignment(plan.Classes, _common);
        _evaluation = plan.Unknown.Count == 0 && plan.Dataset.Task == DatasetTask.SingleLabel
            ? new EvaluationStatistics(_common.Count) : null;
    }

    /// <summary>Adds the scores of the next image, in the order of the plan.</summary>
    public void Add(ReadOnlySpan<float> scores)
    {
        _evaluation?.Add(_images, _plan.Images[_images].Label, _alignment.Scores(scores));
        _images++;
    }

    public BulkResult Result() => new()
    {
        Images = _images,
        Evaluation = _evaluation?.Result(
            new EvaluatedSplit(_plan.Split ?? Split.Validation, _common, [.. _plan.Images.Select(image => image.Id)])),
        UnknownClasses = _plan.Unknown,
    };
}
