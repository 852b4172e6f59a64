namespace CnnService.Web.Api.Requests;

/// <summary>A file of a form, stored on disk.</summary>
/// <param name="Name">The last part of the name that was sent with it; empty where none was.</param>
/// <param name="Path">Where it was stored.</param>
internal sealed record UploadedFile(string Name, string Path);
