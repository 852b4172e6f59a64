namespace CnnService.Web.Api.Rendering;

/// <summary>The body of a 202 response: the image is still being rendered.</summary>
internal sealed record RenderingPending(string Status, string Detail, int RetryAfterSeconds)
{
    public static RenderingPending Default { get; } =
        new("drawing",
            "The image is still being drawn; the same request gives it when it is ready. With wait=300 a request waits longer than the "
            + "usual 30 s.", 2);
}
