namespace CnnService.Core.Interpretation;

/// <summary>How the input is looked for.</summary>
public enum PatternMethod
{
    /// <summary>In frequencies, moved before each step: what the filter answers to wherever it stands.</summary>
    Natural,

    /// <summary>In pixels, 30 steps of one length: coarser, in a fraction of the time.</summary>
    Quick,

    /// <summary>In pixels, with an image that wanders, in two passes of which the second is smoothed: what the article did, put
    /// right.</summary>
    Article,
}
