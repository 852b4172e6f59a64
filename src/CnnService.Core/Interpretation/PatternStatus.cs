namespace CnnService.Core.Interpretation;

/// <summary>What a pattern is worth.</summary>
public enum PatternStatus
{
    /// <summary>Beats every noise image.</summary>
    Ok,

    /// <summary>Active, but no more than noise makes it.</summary>
    Weak,

    /// <summary>Neither noise nor what was found makes the filter fire; statistics of the layer tell whether real images do.</summary>
    Dead,
}
