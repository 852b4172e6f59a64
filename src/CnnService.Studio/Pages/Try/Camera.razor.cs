namespace CnnService.Studio.Pages.Try;

/// <summary>Takes an image with the camera.</summary>
public sealed partial class Camera;
