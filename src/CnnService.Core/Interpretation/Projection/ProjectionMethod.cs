namespace CnnService.Core.Interpretation.Projection;

/// <summary>How images are put on a plane.</summary>
public enum ProjectionMethod
{
    /// <summary>The two directions in which they differ most: distances mean something, crowds may overlap.</summary>
    Pca,

    /// <summary>t-SNE: who is near stays near, distances between groups mean little.</summary>
    Tsne,
}
