using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Sweeps;

/// <summary>Whether a trial passes a rung, and why.</summary>
/// <param name="Passes">False if the trial is to be stopped.</param>
/// <param name="Figure">The trial's value of the metric.</param>
/// <param name="Passing">Number of trials that pass.</param>
/// <param name="Reached">Number of trials that have reached the rung.</param>
/// <param name="Cutoff">Value of the worst trial that passes.</param>
public sealed record HalvingDecision(bool Passes, double Figure, int Passing, int Reached, double Cutoff)
{
    /// <summary>Tells a user why the trial was stopped.</summary>
    public string Explain(HalvingRung rung, MonitoredMetric metric)
    {
        ArgumentNullException.ThrowIfNull(rung);
        var bound = metric == MonitoredMetric.ValidationLoss ? "most" : "least";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Successive halving stopped the trial at rung {rung.Index} ({rung.Epochs} epochs): its {metric.ToWireName()} of {Figure:G4} "
            + $"is not among the best {Passing} of {Reached} trials, which have at {bound} {Cutoff:G4}.");
    }
}
