namespace CnnService.Web.Features.Visualize;

/// <summary>Source of the covariance that decorrelates the colours of a pattern.</summary>
internal enum PatternColors
{
    Natural,
    Dataset,
}
