namespace CnnService.Web.Api.Rendering;

/// <summary>What a client wants rendered.</summary>
/// <param name="Tag">Identifies the rendering; also its ETag.</param>
/// <param name="Patience">How long the client waits.</param>
/// <param name="IsImage">Whether the result is an image, which clients cache, rather than values.</param>
internal readonly record struct RenderingRequest(string Tag, TimeSpan Patience, bool IsImage);
