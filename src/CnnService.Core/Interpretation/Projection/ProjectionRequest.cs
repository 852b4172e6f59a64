namespace CnnService.Core.Interpretation.Projection;

/// <summary>How a data set is projected to a plane.</summary>
/// <param name="Method">Method of dimensionality reduction.</param>
/// <param name="Seed">Seed of t-SNE, from 0.</param>
public sealed record ProjectionRequest(ProjectionMethod Method, int Seed = 0)
{
    /// <summary>Most images; the work grows with their square.</summary>
    public const int MaxImages = 2000;

    internal string Key => $"{Method} {(Method == ProjectionMethod.Tsne ? Seed : 0)}";
}
