namespace CnnService.Core.Interpretation;

/// <summary>How the image is moved before each step.</summary>
public enum PatternTransforms
{
    /// <summary>Turned, scaled and shifted.</summary>
    Robust,

    /// <summary>Shifted.</summary>
    Jitter,

    /// <summary>Not at all: what is found holds for this very image only.</summary>
    None,
}
