namespace CnnService.Studio.Pages.Try;

/// <summary>What a version says of an image.</summary>
public sealed partial class Verdict;
