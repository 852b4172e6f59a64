namespace CnnService.Core.Interpretation.Ascent;

/// <summary>Which cells of a filter's map are maximized.</summary>
public enum PatternObjective
{
    /// <summary>The mean over all cells.</summary>
    Channel,

    /// <summary>The cell in the middle.</summary>
    Neuron,
}
