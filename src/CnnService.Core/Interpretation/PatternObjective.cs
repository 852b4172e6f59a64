namespace CnnService.Core.Interpretation;

/// <summary>Which cells of a filter's map are made large.</summary>
public enum PatternObjective
{
    /// <summary>All, on average.</summary>
    Channel,

    /// <summary>The one in the middle.</summary>
    Neuron,
}
