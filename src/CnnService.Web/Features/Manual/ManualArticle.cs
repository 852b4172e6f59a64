namespace CnnService.Web.Features.Manual;

/// <summary>A page of the manual without its frame.</summary>
/// <param name="Address">Under /docs; empty for the front.</param>
/// <param name="Title">Its first heading, as text.</param>
/// <param name="Html">Its text.</param>
/// <param name="Sections">Its headings of the second level, each with its anchor.</param>
internal sealed record ManualArticle(
    string Address, string Title, string Html, IReadOnlyList<(string Title, string Anchor)> Sections);
