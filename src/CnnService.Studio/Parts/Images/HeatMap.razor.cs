namespace CnnService.Studio.Parts.Images;

/// <summary>What spoke for a class, over the image.</summary>
public sealed partial class HeatMap;
