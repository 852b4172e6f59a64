namespace CnnService.Studio.Pages.Results;

/// <summary>One image: what was said, why, and its label mended.</summary>
public sealed partial class MistakeView;
