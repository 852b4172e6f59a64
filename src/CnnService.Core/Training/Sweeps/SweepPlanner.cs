using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Requests;

namespace CnnService.Core.Training.Sweeps;

/// <summary>
/// Makes each trial's plan as POST /train would. A trial's fault is told where the sweep has it: under <c>grid.…[1]</c> for a
/// value, under <c>base.…</c> for what all trials have.
/// </summary>
public sealed class SweepPlanner
{
    private readonly SweepDraft _draft;
    private readonly DatasetManifest? _dataset;
    private readonly PlanSetting _setting;
    private readonly ValidationErrors _errors;
    private readonly HashSet<(string, string)> _told = [];

    private SweepPlanner(SweepDraft draft, DatasetManifest? dataset, PlanSetting setting, ValidationErrors errors) =>
        (_draft, _dataset, _setting, _errors) = (draft, dataset, setting, errors);

    /// <summary>The trials in their order; none where errors were added or the data set is not known.</summary>
    /// <param name="draft">As <see cref="SweepReader"/> gave it.</param>
    /// <param name="dataset">Null where it is not known: then only what can be told without it is checked.</param>
    /// <param name="setting">What no request decides; its run is nobody's: each trial gets its own later.</param>
    /// <param name="errors">Gets every broken rule.</param>
    public static IReadOnlyList<PlannedTrial> Plan(SweepDraft draft, DatasetManifest? dataset, PlanSetting setting, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(errors);
        return new SweepPlanner(draft, dataset, setting, errors).Plan();
    }

    private List<PlannedTrial> Plan()
    {
        foreach (var probe in _draft.Probes)
        {
            Plan(probe);
        }

        // Ends that break a rule would be told again with every draw that does.
        List<PlannedTrial?> trials = _errors.Any && _draft.Probes.Count > 0 ? [] : [.. _draft.Trials.Select(Plan)];
        var planned = trials.OfType<PlannedTrial>().ToList();
        if (_draft.Request.Halving is { } halving && planned.Count > 0)
        {
            var most = planned.Max(trial => trial.Plan.Epochs);
            _errors.Require(halving.FirstEpochs < most, "halving.firstEpochs",
                $"must be below the trials' {most} epochs, received {halving.FirstEpochs}");
        }

        return _errors.Any ? [] : planned;
    }

    private PlannedTrial? Plan(IReadOnlyList<TrialValue> values)
    {
        var merged = (JsonObject)_draft.Common.DeepClone();
        foreach (var value in values)
        {
            value.Path.Put(merged, value.Value);
        }

        var errors = new ValidationErrors();
        var request = TrainRequestReader.Read(JsonSerializer.SerializeToElement(merged), errors);
        errors.Require(
            request?.StartFrom is null || _draft.StartFrom is not null, "startFrom",
            "must be the same in all trials of a sweep: set it in base");
        var training = request is null ? null : TrainPlanner.Plan(request, _dataset, _setting, errors);
        foreach (var (path, rules) in errors.ToDictionary())
        {
            var at = Place(path, values);
            foreach (var rule in rules.Where(rule => _told.Add((at, rule))))
            {
                _errors.Add(at, rule);
            }
        }

        return training is null
            ? null
            : new(values.ToDictionary(value => value.Path.Text, value => value.Value, StringComparer.Ordinal), merged, training);
    }

    /// <summary>Where in the sweep a path of a trial's request comes from.</summary>
    private string Place(string path, IReadOnlyList<TrialValue> values)
    {
        foreach (var value in values)
        {
            var field = value.Path.Text;
            if (TrialPath.LeadsTo(field, path))
            {
                return value.At + path[field.Length..];
            }

            if (TrialPath.LeadsTo(path, field) && TrialPath.Parse(path)?.Find(_draft.Common) is null)
            {
                return value.At; // An object that only the field's path made.
            }
        }

        return $"base.{path}";
    }
}

/// <summary>A trial that can be trained.</summary>
/// <param name="Values">By path: what it does not have in common with the others.</param>
/// <param name="Request">The whole request.</param>
/// <param name="Training">Without a run.</param>
public sealed record PlannedTrial(IReadOnlyDictionary<string, JsonElement> Values, JsonObject Request, PlannedTraining Training)
{
    public TrainingPlan Plan => Training.Plan;
}
