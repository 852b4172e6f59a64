namespace CnnService.Cli.Gallery;

/// <summary>A picture of the page.</summary>
/// <param name="Title">Above it.</param>
/// <param name="Text">What it shows.</param>
/// <param name="Path">The call that gives it.</param>
/// <param name="File">Its name in the folder.</param>
internal sealed record GalleryFigure(string Title, string Text, string Path, string File);
