namespace CnnService.Web.Features.Visualize;

/// <summary>What a caller wants drawn.</summary>
/// <param name="Tag">Of what is drawn.</param>
/// <param name="Patience">How long the caller waits.</param>
/// <param name="IsImage">Wanted is an image, which callers keep; else figures.</param>
internal readonly record struct ScoreTarget(string Tag, TimeSpan Patience, bool IsImage);
