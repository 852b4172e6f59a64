namespace CnnService.Core.Interpretation.Projection;

/// <summary>Method of dimensionality reduction.</summary>
public enum ProjectionMethod
{
    /// <summary>
    /// Principal component analysis: the two directions of largest variance; distances are meaningful, groups may overlap.
    /// </summary>
    Pca,

    /// <summary>t-SNE: preserves neighbourhoods; distances between groups mean little.</summary>
    Tsne,
}
