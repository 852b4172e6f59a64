namespace CnnService.Web.Features.Visualize;

/// <summary>By whose covariance the colours of a pattern are decorrelated.</summary>
internal enum PatternColors
{
    Natural,
    Dataset,
}
