namespace CnnService.Studio.Parts.Images;

/// <summary>A figure that the service draws, with why it is not there yet.</summary>
public sealed partial class PictureView;
