namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>From maps to classes.</summary>
public sealed partial class FlattenStep;
