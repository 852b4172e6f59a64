using CnnService.Core.Datasets;
using CnnService.Core.Training.Comparing;
using CnnService.Core.Training.Evaluating;

namespace CnnService.Core.Classification.Bulk;

/// <summary>Judges a network's scores by the true classes, where it knows them all. Not thread safe.</summary>
public sealed class BulkTally
{
    private readonly BulkPlan _plan;
    private readonly IReadOnlyList<string> _common;
    private readonly ClassAlignment _alignment;
    private readonly EvaluationTally? _tally;
    private int _pictures;

    public BulkTally(BulkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        _common = ClassAlignment.Common(plan.Dataset.Classes, plan.Classes);
        _alignment = new ClassAlignment(plan.Classes, _common);
        _tally = plan.Unknown.Count == 0 ? new EvaluationTally(_common.Count) : null;
    }

    /// <summary>The next picture.</summary>
    public void Add(ReadOnlySpan<float> scores)
    {
        _tally?.Add(_pictures, _plan.Images[_pictures].Label, _alignment.Scores(scores));
        _pictures++;
    }

    public BulkResult Result() => new()
    {
        Pictures = _pictures,
        Evaluation = _tally?.Result(new JudgedSplit(_plan.Split ?? Split.Validation, _common, [.. _plan.Images.Select(image => image.Id)])),
        UnknownClasses = _plan.Unknown,
    };
}
