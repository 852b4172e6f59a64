using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Classification.Bulk;

/// <summary>
/// Evaluates scores against the true classes, if an image has one and the model knows all of them, or if the model gives each class a
/// probability of its own. Not thread safe.
/// </summary>
public sealed class BulkStatistics
{
    /// <summary>Most scores that are held to rank the images by each class; with more, several labels are not evaluated.</summary>
    private const long MaxHeld = 100_000_000;

    private readonly BulkPlan _plan;
    private readonly IReadOnlyList<string> _common;
    private readonly ClassAlignment _alignment;
    private readonly EvaluationStatistics? _evaluation;
    private readonly float[]? _held;
    private int _images;
    private int _known;

    public BulkStatistics(BulkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _common = ClassAlignment.Common(plan.Dataset.Classes, plan.Classes);
        _alignment = new ClassAlignment(plan.Classes, _common);
        if (plan.Unknown.Count > 0)
        {
            return;
        }

        if (plan.LabelThresholds is not null)
        {
            var count = (long)plan.Images.Count * _common.Count;
            _held = count <= MaxHeld ? new float[count] : null;
        }
        else if (plan.Dataset.Task == DatasetTask.SingleLabel)
        {
            _evaluation = new EvaluationStatistics(_common.Count);
        }
    }

    private EvaluatedSplit About => new(_plan.Split ?? Split.Validation, _common, [.. _plan.Images.Select(image => image.Id)]);

    /// <summary>Adds the next image, in the order of the plan.</summary>
    /// <param name="scores">The plan's <see cref="BulkPlan.Columns"/>.</param>
    /// <param name="isKnown">Whether the version knows it; null where it cannot tell.</param>
    public void Add(ReadOnlySpan<float> scores, bool? isKnown = null)
    {
        var own = scores[.._plan.Classes.Count];
        _evaluation?.Add(_images, _plan.Images[_images].Label, _alignment.Scores(own));
        if (_held is not null)
        {
            _alignment.Scores(own).CopyTo(_held, _images * _common.Count);
        }

        _images++;
        _known += isKnown == true ? 1 : 0;
    }

    public BulkResult Result() => new()
    {
        Images = _images,
        Evaluation = _held is not null && _images > 0 ? JudgeSets(_held) : _evaluation?.Result(About),
        Known = _plan.TellsKnown ? _known : null,
        UnknownClasses = _plan.Unknown,
    };

    private SplitEvaluation JudgeSets(float[] scores)
    {
        var thresholds = _plan.Classes.Zip(_plan.LabelThresholds!).ToDictionary(StringComparer.Ordinal);
        var images = new LabelledLogits(scores, [.. _plan.Images.Select(image => image.Label)])
        {
            Sets = [.. Enumerable.Range(0, _plan.Dataset.LabelCount).Select(_plan.Dataset.ClassesOf)],
        };
        return MultiLabelStatistics.Judge(
            images, [.. Enumerable.Range(0, _images)], [.. _common.Select(name => thresholds[name])], About);
    }
}
