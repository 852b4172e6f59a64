namespace CnnService.Studio.Pages.Tour.Figures;

/// <summary>The patterns of the first filters of each convolutional layer.</summary>
public sealed partial class LayerPatterns;
