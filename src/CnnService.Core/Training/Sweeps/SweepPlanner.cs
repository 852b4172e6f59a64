using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Requests;

namespace CnnService.Core.Training.Sweeps;

/// <summary>
/// Plans each trial as POST /train would. An error in a trial is reported where the sweep causes it: under <c>grid.…[1]</c> for a value,
/// under <c>base.…</c> for what all trials share.
/// </summary>
public sealed class SweepPlanner
{
    private readonly SweepDraft _draft;
    private readonly DatasetManifest? _dataset;
    private readonly PlanSetting _setting;
    private readonly ValidationErrors _errors;
    private readonly HashSet<(string, string)> _reported = [];

    private readonly CancellationToken _cancel;

    private SweepPlanner(
        SweepDraft draft, DatasetManifest? dataset, PlanSetting setting, ValidationErrors errors, CancellationToken cancel) =>
        (_draft, _dataset, _setting, _errors, _cancel) = (draft, dataset, setting, errors, cancel);

    /// <summary>Plans of the trials, in order; empty if errors were added or the data set is not known.</summary>
    /// <param name="draft">As <see cref="SweepReader"/> returned it.</param>
    /// <param name="dataset">Manifest of the data set; null if it is not known: then only rules independent of it are checked.</param>
    /// <param name="setting">Settings that no request contains. Its run id is not used: each trial gets its own later.</param>
    /// <param name="errors">Collects every broken rule.</param>
    /// <param name="cancel">Checked before each trial.</param>
    public static IReadOnlyList<PlannedTrial> Plan(
        SweepDraft draft, DatasetManifest? dataset, PlanSetting setting, ValidationErrors errors, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(errors);
        return new SweepPlanner(draft, dataset, setting, errors, cancel).Plan();
    }

    private List<PlannedTrial> Plan()
    {
        foreach (var probe in _draft.Probes)
        {
            if (_errors.IsFull)
            {
                return [];
            }

            Plan(probe);
        }

        // If an end of a range breaks a rule, planning the draws would only report it again.
        List<PlannedTrial?> trials = _errors.Any && _draft.Probes.Count > 0 ? [] : [.. _draft.Trials.Select(Plan)];
        var planned = trials.OfType<PlannedTrial>().ToList();
        if (_draft.Request.Halving is { } halving && planned.Count > 0)
        {
            var maxEpochs = planned.Max(trial => trial.Plan.Epochs);
            _errors.Require(halving.FirstEpochs < maxEpochs, "halving.firstEpochs",
                $"must be below the trials' {maxEpochs} epochs, received {halving.FirstEpochs}");
        }

        return _errors.Any ? [] : planned;
    }

    private PlannedTrial? Plan(IReadOnlyList<TrialValue> values)
    {
        _cancel.ThrowIfCancellationRequested();
        var merged = (JsonObject)_draft.Common.DeepClone();
        foreach (var value in values)
        {
            value.Path.SetValue(merged, value.Value);
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
            foreach (var rule in rules.Where(rule => _reported.Add((at, rule))))
            {
                _errors.Add(at, rule);
            }
        }

        return training is null
            ? null
            : new(values.ToDictionary(value => value.Path.Text, value => value.Value, StringComparer.Ordinal), merged, training);
    }

    /// <summary>Maps a path in a trial's request to the place in the sweep that causes it.</summary>
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
/// <param name="Values">Values by path, for the fields that differ between trials.</param>
/// <param name="Request">The complete training request.</param>
/// <param name="Training">The plan, without a run id.</param>
public sealed record PlannedTrial(IReadOnlyDictionary<string, JsonElement> Values, JsonObject Request, PlannedTraining Training)
{
    public TrainingPlan Plan => Training.Plan;
}
