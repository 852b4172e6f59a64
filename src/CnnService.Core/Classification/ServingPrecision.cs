namespace CnnService.Core.Classification;

/// <summary>The arithmetic that a model is served in.</summary>
public enum ServingPrecision
{
    /// <summary>As it was trained.</summary>
    Float32,

    /// <summary>With 8-bit integers, where the version has an accepted quantization; versions without one are served in float32.</summary>
    Int8,
}
