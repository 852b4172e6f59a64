using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Classification.Bulk;

/// <summary>Evaluates scores against the true classes, if the model knows all of them. Not thread safe.</summary>
public sealed class BulkStatistics
{
    private readonly BulkPlan _plan;
    private readonly IReadOnlyList<string> _common;
    private readonly ClassAlignment _alignment;
    private readonly EvaluationStatistics? _tally;
    private int _images;

    public BulkStatistics(BulkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _common = ClassAlignment.Common(plan.Dataset.Classes, plan.Classes);
        _alignment = new ClassAlignment(plan.Classes, _common);
        _tally = plan.Unknown.Count == 0 ? new EvaluationStatistics(_common.Count) : null;
    }

    /// <summary>Adds the scores of the next image, in the order of the plan.</summary>
    public void Add(ReadOnlySpan<float> scores)
    {
        _tally?.Add(_images, _plan.Images[_images].Label, _alignment.Scores(scores));
        _images++;
    }

    public BulkResult Result() => new()
    {
        Images = _images,
        Evaluation = _tally?.Result(
            new EvaluatedSplit(_plan.Split ?? Split.Validation, _common, [.. _plan.Images.Select(image => image.Id)])),
        UnknownClasses = _plan.Unknown,
    };
}
