namespace CnnService.Core.Interpretation.Ascent;

/// <summary>Random transforms of the image before each step.</summary>
public enum PatternTransforms
{
    /// <summary>Rotation, scaling and shift.</summary>
    Robust,

    /// <summary>Shift only.</summary>
    Jitter,

    /// <summary>None: the result holds for its exact position only.</summary>
    None,
}
