namespace CnnService.Studio.Parts.Images;

/// <summary>Places of pictures that are on their way, and what goes on.</summary>
public sealed partial class Waiting;
