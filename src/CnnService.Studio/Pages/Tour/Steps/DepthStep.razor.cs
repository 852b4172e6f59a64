namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>A filter is as deep as its input; several filters make several maps.</summary>
public sealed partial class DepthStep;
