namespace CnnService.Studio.Pages.Tour.Figures;

/// <summary>The strongest maps of each convolutional layer, for an image.</summary>
public sealed partial class LayerMaps;
