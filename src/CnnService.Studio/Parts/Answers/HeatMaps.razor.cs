namespace CnnService.Studio.Parts.Answers;

/// <summary>The image, what spoke for the predicted class, and what speaks for another one.</summary>
public sealed partial class HeatMaps;
