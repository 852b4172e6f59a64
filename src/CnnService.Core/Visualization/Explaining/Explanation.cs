namespace CnnService.Core.Visualization.Explaining;

/// <summary>Which pixels speak for a class, as numbers.</summary>
public sealed record Explanation
{
    public required ExplainMethod Method { get; init; }

    /// <summary>Of the CAM methods.</summary>
    public string? Layer { get; init; }

    /// <summary>The class that is explained.</summary>
    public required string Class { get; init; }

    /// <summary>The class that the network names.</summary>
    public required string Predicted { get; init; }

    /// <summary>Of <see cref="Class"/>, 0–1.</summary>
    public required double Probability { get; init; }

    /// <summary>Of <see cref="Class"/>: what was differentiated.</summary>
    public required double Logit { get; init; }

    /// <summary>Of the map: the network's input.</summary>
    public required int Height { get; init; }

    public required int Width { get; init; }

    /// <summary>Largest magnitude of the map, in the method's own unit; 0 where it is empty.</summary>
    public required double Peak { get; init; }

    /// <summary>The map shows nothing: no evidence for the class was found.</summary>
    public bool Empty => Peak == 0;

    /// <summary>Integrated gradients: how far their sum is from the difference of the logits, as a share of it.</summary>
    public double? CompletenessError { get; init; }

    /// <summary>Integrated gradients: points on the path that were needed.</summary>
    public int? Steps { get; init; }

    /// <summary><c>ok</c>; <c>empty</c>; or <c>weak</c>, where integrated gradients do not add up.</summary>
    public string Status => Empty ? "empty" : CompletenessError > 0.05 ? "weak" : "ok";

    /// <summary>Row by row. At least 0 but for integrated gradients, where less than 0 speaks against the class.</summary>
    public required ReadOnlyMemory<float> Map { get; init; }
}
