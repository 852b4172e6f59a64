namespace CnnService.Core.Interpretation.Projection;

/// <summary>How a data set is put on a plane.</summary>
/// <param name="Method">How.</param>
/// <param name="Seed">Of t-SNE, from 0.</param>
public sealed record ProjectionRequest(ProjectionMethod Method, int Seed = 0)
{
    /// <summary>Images at most: the work grows with their square.</summary>
    public const int MaxImages = 2000;

    internal string Key => $"{Method} {(Method == ProjectionMethod.Tsne ? Seed : 0)}";
}
