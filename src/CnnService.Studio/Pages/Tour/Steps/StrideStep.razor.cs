namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>Stride and padding, and the formula of the size.</summary>
public sealed partial class StrideStep;
