using CnnService.Core.Interpretation.Classes;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>An attribution map over the image.</summary>
/// <param name="Target">The class explained and the network's prediction.</param>
/// <param name="Values"><c>[H,W]</c> in C order, at the network's input size, finite; positive values are evidence for the class.</param>
/// <param name="Height">Rows of the map.</param>
/// <param name="Width">Columns of the map.</param>
/// <param name="MapHeight">Rows of the map before it was enlarged.</param>
/// <param name="MapWidth">Columns of the map before it was enlarged.</param>
public sealed record Explanation(ClassTarget Target, IReadOnlyList<float> Values, int Height, int Width, int MapHeight, int MapWidth)
{
    /// <summary>True if negative values are evidence against the class; the colour scale is then symmetric about 0.</summary>
    public bool IsSigned { get; init; }

    public ExplainStatus Status { get; init; }

    /// <summary>Further measurements of the method, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    public float Min => Values.Min();

    public float Max => Values.Max();
}

/// <summary>How reliable a map is.</summary>
public enum ExplainStatus
{
    Ok,

    /// <summary>The attributions of integrated gradients differ from the score difference they should sum up to by more than 5 %.</summary>
    Weak,

    /// <summary>No evidence for the class: the map is 0 or below everywhere.</summary>
    Empty,
}
