namespace CnnService.Core.Interpretation.Ascent;

/// <summary>Method of gradient ascent.</summary>
public enum PatternMethod
{
    /// <summary>Fourier parameterization with a random transform before each step: what activates the filter at any position.</summary>
    Natural,

    /// <summary>Pixels, 30 steps of fixed length: coarser, in a fraction of the time.</summary>
    Quick,

    /// <summary>Pixels with random shifts, in two passes of which the second is regularized: the article's method, corrected.</summary>
    Article,
}
