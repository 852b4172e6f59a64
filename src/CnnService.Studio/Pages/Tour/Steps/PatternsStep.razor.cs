namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>What filters of each layer look for.</summary>
public sealed partial class PatternsStep;
