namespace CnnService.Studio.Parts.Images;

/// <summary>A few images of a data set, to choose one of.</summary>
public sealed partial class ExampleStrip;
