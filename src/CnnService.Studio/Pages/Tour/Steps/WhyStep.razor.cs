namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>Which part of an image decided.</summary>
public sealed partial class WhyStep;
