namespace CnnService.Studio.Parts.Images;

/// <summary>An image that is looked at, as it is.</summary>
public sealed partial class GivenImage;
