namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>Pooling on the article's grid, and on a map.</summary>
public sealed partial class PoolingStep;
