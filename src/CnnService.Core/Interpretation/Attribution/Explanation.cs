namespace CnnService.Core.Interpretation.Attribution;

/// <summary>A map over the image, and what belongs to it.</summary>
/// <param name="Target">The class.</param>
/// <param name="Values">Row by row, at the network's input size; above 0 speaks for the class. Finite.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="MapHeight">Rows of the map before it was enlarged.</param>
/// <param name="MapWidth">Columns of the map before it was enlarged.</param>
public sealed record Explanation(ClassTarget Target, IReadOnlyList<float> Values, int Height, int Width, int MapHeight, int MapWidth)
{
    /// <summary>Both signs mean something: it is shown around 0.</summary>
    public bool IsSigned { get; init; }

    public ExplainStatus Status { get; init; }

    /// <summary>What was measured besides, by name.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>();

    public float Least => Values.Min();

    public float Most => Values.Max();
}

/// <summary>How far a map can be trusted.</summary>
public enum ExplainStatus
{
    Ok,

    /// <summary>Integrated gradients miss the difference they must sum up to by more than 5 %.</summary>
    Weak,

    /// <summary>Nothing speaks for the class: the map is 0 or below everywhere.</summary>
    Empty,
}
