namespace CnnService.Studio.Pages.Results;

/// <summary>Two versions side by side, and the images that they call different things.</summary>
public sealed partial class CompareView;
