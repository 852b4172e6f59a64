namespace CnnService.Studio.Parts.Answers;

/// <summary>What a version says of an image.</summary>
public sealed partial class Verdict;
