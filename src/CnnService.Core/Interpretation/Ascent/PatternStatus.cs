namespace CnnService.Core.Interpretation.Ascent;

/// <summary>How significant a pattern is.</summary>
public enum PatternStatus
{
    /// <summary>The activation exceeds that of every noise image.</summary>
    Ok,

    /// <summary>Active, but not more than for noise.</summary>
    Weak,

    /// <summary>Neither noise nor the pattern activates the filter; the statistics of the layer tell whether real images do.</summary>
    Dead,
}
