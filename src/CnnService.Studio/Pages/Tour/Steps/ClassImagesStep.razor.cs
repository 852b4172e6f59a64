namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>What the network takes for a class.</summary>
public sealed partial class ClassImagesStep;
