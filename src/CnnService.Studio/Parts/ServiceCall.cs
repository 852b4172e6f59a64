namespace CnnService.Studio.Parts;

/// <summary>A call of the API, to be written in several languages.</summary>
/// <param name="Method">GET, POST, …</param>
/// <param name="Path">Relative to the service: <c>runs/abc</c>, <c>classify?model=pets</c>.</param>
/// <param name="CSharp">The call in C# with the typed client, as an expression: <c>await client.GetRunAsync("abc")</c>.</param>
/// <param name="Json">The body; null: none.</param>
/// <param name="File">Name of a file that is sent in the field <c>FileField</c>, in place of JSON.</param>
/// <param name="FileField">The field of the form.</param>
public sealed record ServiceCall(
    string Method, string Path, string CSharp, string? Json = null, string? File = null, string FileField = "file");
