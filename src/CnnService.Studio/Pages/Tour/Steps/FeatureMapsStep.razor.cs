namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>What becomes of an image in the tour's network.</summary>
public sealed partial class FeatureMapsStep;
